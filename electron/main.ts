// The desktop shell: windows around the workbench, which reaches the lab through the same contract as in
// a browser. Windows, menus, dialogs and files of the system live here and nothing else does.
import { join } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { app, BrowserWindow, crashReporter, ipcMain, Menu, protocol, session } from 'electron';
import { closeService, router } from '../lab/rpc/router.ts';
import { answerDialogs, readRunFile } from './files.ts';
import { menuTemplate } from './menu.ts';
import { ORIGIN, SCHEME, serveAsset } from './protocol.ts';
import { keepSecrets } from './secrets.ts';
import { restoredBounds, WindowState } from './windowState.ts';

// A page loaded from file:// has no origin and cannot load modules; a standard scheme has one.
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
// Crashes are kept on this machine; nothing is sent anywhere.
crashReporter.start({ uploadToServer: false });
app.enableSandbox();

if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  // A run that was double-clicked may come before the first window is there.
  const waiting: string[] = runFilesOf(process.argv);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (app.isReady()) void offerRun(path);
    else waiting.push(path);
  });
  await app.whenReady();
  protocol.handle(SCHEME, serveAsset);
  denyPermissions();
  keepSecrets();
  answerDialogs();
  connectPages();
  const state = new WindowState(join(app.getPath('userData'), 'window.json'));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(() => void openWindow(state))));
  const window = await openWindow(state);
  window.webContents.once('did-finish-load', () => waiting.forEach((path) => void offerRun(path)));
  app.on('second-instance', (_event, argv) => {
    const [first] = BrowserWindow.getAllWindows();
    if (first?.isMinimized() === true) first.restore();
    first?.focus();
    runFilesOf(argv).forEach((path) => void offerRun(path));
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow(state);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  leaveCleanly();
}

const runFilesOf = (argv: readonly string[]): string[] =>
  argv.filter((one) => one.endsWith('.fltlab-run'));

function denyPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
}

/** One port for each page that asks, and only for our own. */
function connectPages(): void {
  const handler = new RPCHandler(router);
  ipcMain.on('rpc-port', (event) => {
    const [port] = event.ports;
    if (port === undefined || event.senderFrame?.origin !== ORIGIN) return;
    handler.upgrade(port);
    port.start();
  });
}

/** A run that was opened from outside goes to the page, which imports it like any other. */
async function offerRun(path: string): Promise<void> {
  const [window] = BrowserWindow.getAllWindows();
  const file = await readRunFile(path);
  window?.webContents.send('open-run', file);
}

/** Runs that go on take back what they began before the program ends. */
function leaveCleanly(): void {
  let left = false;
  app.on('before-quit', (event) => {
    if (left) return;
    event.preventDefault();
    void closeService().finally(() => {
      left = true;
      app.quit();
    });
  });
}

async function openWindow(state: WindowState): Promise<BrowserWindow> {
  const kept = await state.read();
  const window = new BrowserWindow({
    ...restoredBounds(kept),
    minWidth: 800,
    minHeight: 500,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (kept?.maximized === true) window.maximize();
  state.follow(window);
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${ORIGIN}/`);
  return window;
}
