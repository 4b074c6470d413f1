// The menu: what the system expects of one. What the workbench itself can do is in its palette, and its
// keys are its own, so that they are the same in a browser.
import { app, type MenuItemConstructorOptions } from 'electron';

export function menuTemplate(openWindow: () => void): MenuItemConstructorOptions[] {
  const mac = process.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: openWindow },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        // No accelerators where the workbench has the key: F5 runs, Ctrl+R is the editor's.
        { role: 'reload', accelerator: '' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
  ];
}
