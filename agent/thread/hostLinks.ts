// Removes the links of the host below a folder of a Wine prefix, before anything there is deleted.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessMask, CreateOption, Disposition, ntSuccess } from '../../contract/windows/index.ts';
import { withArena } from '../native/arena.ts';
import { NULL_ADDRESS, POINTER_BYTES, type Handle } from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { WineHost } from '../native/wineHost.ts';
import { readHandle } from './requests.ts';

const LIMIT_MS = 10_000;
const LOOK_AGAIN_MS = 2;
/** The slash after the folder: it may be reached through a link, but is none itself. */
const SCRIPT = 'PATH=/usr/bin:/bin; find "$1/" -type l -exec rm -f {} + ; : > "$1/$2"';

/** `folder` is an NT path, and `handle` is it. False when the host did not do it. */
export async function removeHostLinks(
  native: NativeApi,
  wine: WineHost,
  folder: string,
  handle: Handle,
): Promise<boolean> {
  const unix = wine.unixPath(folder.replace(/^\\\?\?\\/, ''));
  // Made inside the folder when the host's program has ended, and emptied away with the rest. No other
  // file has this name, neither one of an earlier time nor a link that waits to be followed.
  const marker = `.fltlab-${randomUUID()}`;
  if (!wine.startUnix('/bin/sh', ['-c', SCRIPT, 'sh', unix, marker])) return false;
  const deadline_ms = performance.now() + LIMIT_MS;
  while (!isThere(native, handle, marker)) {
    if (performance.now() > deadline_ms) return false;
    await delay(LOOK_AGAIN_MS);
  }
  return true;
}

function isThere(native: NativeApi, folder: Handle, name: string): boolean {
  return withArena(native, (arena) => {
    const out = arena.allocate(POINTER_BYTES);
    const status = native.call(
      'NtCreateFile',
      out,
      AccessMask.SYNCHRONIZE | AccessMask.FILE_READ_ATTRIBUTES,
      arena.objectAttributes(name, folder, 0),
      arena.ioStatusBlock(),
      NULL_ADDRESS,
      0,
      7,
      Disposition.FILE_OPEN,
      CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
      NULL_ADDRESS,
      0,
    );
    if (!ntSuccess(status)) return false;
    native.call('NtClose', readHandle(native, out));
    return true;
  });
}
