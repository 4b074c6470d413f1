// What needs the system's own dialogs, and files that the system hands to the program. The page asks by
// name and gets a choice of the person, never a path of its own choosing.
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { BrowserWindow, dialog, ipcMain } from 'electron';
import { ORIGIN } from './protocol.ts';

/** More is refused by the lab anyway, with the reason. */
const READ_BYTES_MAX = 64 * 1024 * 1024;

export interface OpenedFile {
  readonly name: string;
  readonly base64: string;
}

export function answerDialogs(): void {
  ipcMain.handle('choose-folder', async (event) => {
    if (event.senderFrame?.origin !== ORIGIN) return null;
    const window = BrowserWindow.fromWebContents(event.sender);
    const options = {
      properties: ['openDirectory' as const],
      title: 'Open a folder with a minifilter',
    };
    const chosen =
      window === null
        ? await dialog.showOpenDialog(options)
        : await dialog.showOpenDialog(window, options);
    return chosen.filePaths[0] ?? null;
  });
}

/** As the workbench imports it; a file that is too large goes on cut, and is refused there. */
export async function readRunFile(path: string): Promise<OpenedFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, READ_BYTES_MAX));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { name: basename(path), base64: bytes.toString('base64', 0, bytesRead) };
  } finally {
    await file.close();
  }
}
