// The desktop shell: one window around the workbench, which reaches the lab through the same contract
// as in a browser. Windows, menus and dialogs live here and nothing else does.
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RPCHandler } from '@orpc/server/message-port';
import { app, BrowserWindow, ipcMain, net, protocol, session } from 'electron';
import { router } from '../lab/rpc/router.ts';

const SCHEME = 'app';
const ORIGIN = `${SCHEME}://workbench`;
const assets = join(import.meta.dirname, '..', 'renderer');

// A page loaded from file:// has no origin and cannot load modules; a standard scheme has one.
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  await app.whenReady();
  protocol.handle(SCHEME, serveAsset);
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) =>
    answer(false),
  );
  const handler = new RPCHandler(router);
  ipcMain.on('rpc-port', (event) => {
    const [port] = event.ports;
    if (port === undefined || event.senderFrame?.origin !== ORIGIN) return;
    handler.upgrade(port);
    port.start();
  });
  openWindow();
  app.on('second-instance', () => BrowserWindow.getAllWindows()[0]?.focus());
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function serveAsset(request: Request): Promise<Response> | Response {
  const { pathname } = new URL(request.url);
  const file = normalize(
    join(assets, pathname === '/' ? 'index.html' : decodeURIComponent(pathname)),
  );
  if (!file.startsWith(assets + sep))
    return new Response('There is no such page.', { status: 404 });
  return net.fetch(pathToFileURL(file).href);
}

function openWindow(): void {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    },
  });
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${ORIGIN}/`);
}
