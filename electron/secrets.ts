// Secrets of a person (the passphrase of a key) in the system's own store: the page can put one in and
// ask whether it is there, and only the lab reads it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, ipcMain, safeStorage } from 'electron';
import { z } from 'zod';
import { ORIGIN } from './protocol.ts';

const Kept = z.record(z.string(), z.string());
const Asked = z.strictObject({ name: z.string().min(1).max(80), value: z.string().max(4_000) });

const file = (): string => join(app.getPath('userData'), 'secrets.json');

/** Where the system has no store nothing is kept, rather than in the clear. */
export function keepSecrets(): void {
  ipcMain.handle('keep-secret', async (event, asked: unknown) => {
    if (event.senderFrame?.origin !== ORIGIN || !safeStorage.isEncryptionAvailable()) return false;
    const { name, value } = Asked.parse(asked);
    const secret = safeStorage.encryptString(value).toString('base64');
    const kept = { ...(await readKept()), [name]: secret };
    await writeFile(file(), JSON.stringify(kept), { mode: 0o600 });
    return true;
  });
  ipcMain.handle('has-secret', async (event, name: unknown) => {
    if (event.senderFrame?.origin !== ORIGIN || typeof name !== 'string') return false;
    return Object.hasOwn(await readKept(), name);
  });
}

async function readKept(): Promise<z.infer<typeof Kept>> {
  const text = await readFile(file(), 'utf8').catch(() => '{}');
  return Kept.parse(JSON.parse(text));
}
