// Hands the page one message port to the lab, the choice of a folder, and runs that the system opened.
// The page never sees Electron.
import { contextBridge, ipcRenderer } from 'electron';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== 'fltlab:connect') return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage('rpc-port', null, [port]);
});

contextBridge.exposeInMainWorld('fltlabDesktop', {
  chooseFolder: (): Promise<unknown> => ipcRenderer.invoke('choose-folder'),
  onOpenRun: (told: (file: unknown) => void): void => {
    ipcRenderer.on('open-run', (_event, file: unknown) => told(file));
  },
});
