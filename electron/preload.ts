// Hands the page one message port to the lab. The page never sees Electron.
import { ipcRenderer } from 'electron';

window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== 'fltlab:connect') return;
  const [port] = event.ports;
  if (port !== undefined) ipcRenderer.postMessage('rpc-port', null, [port]);
});
