// Under Wine a link of the host's file system looks like what it leads to, and deleting it deletes that.
// The only programs that can tell are the host's own, which Wine can start.
import koffi from 'koffi';
import { quoteArgument } from './quoteArgument.ts';

export interface WineHost {
  readonly version: string;
  /** What the host calls a Win32 path. */
  unixPath(path: string): string;
  /** Starts a program of the host and does not wait. False when it could not be started. */
  startUnix(program: string, args: readonly string[]): boolean;
}

type LibraryHandle = ReturnType<typeof koffi.load>;

const STARTUPINFOW_BYTES = 104;
const PROCESS_INFORMATION_BYTES = 24;

/** Undefined on Windows. */
export function wineHost(ntdll: LibraryHandle): WineHost | undefined {
  let version: unknown;
  try {
    version = ntdll.func('wine_get_version', 'const char *', [])();
  } catch (error) {
    // The boundary: koffi has no other way to say that a library lacks a routine.
    if (String(error).includes('Cannot find function')) return undefined;
    throw error;
  }
  const kernel32 = koffi.load('kernel32.dll');
  const unixName = kernel32.func('wine_get_unix_file_name', 'void *', ['str16']);
  const heap = kernel32.func('GetProcessHeap', 'void *', []);
  const heapFree = kernel32.func('HeapFree', 'bool', ['void *', 'uint32_t', 'void *']);
  const createProcess = kernel32.func('CreateProcessW', 'bool', [
    'str16',
    'void *',
    'void *',
    'void *',
    'bool',
    'uint32_t',
    'void *',
    'str16',
    'void *',
    'void *',
  ]);
  return {
    version: String(version),
    unixPath: (path) => {
      const address: unknown = unixName(path);
      if (typeof address !== 'bigint') throw new Error(`Wine has no Unix name for ${path}`);
      const text = koffi.decode.string(address);
      heapFree(heap(), 0, address);
      return text;
    },
    startUnix: (program, args) => {
      const startup = Buffer.alloc(STARTUPINFOW_BYTES);
      startup.writeUInt32LE(STARTUPINFOW_BYTES, 0);
      const line = Buffer.from(`${[program, ...args].map(quoteArgument).join(' ')}\0`, 'utf16le');
      const name = `\\\\?\\unix${program.replaceAll('/', '\\')}`;
      const made = Buffer.alloc(PROCESS_INFORMATION_BYTES);
      return createProcess(name, line, null, null, false, 0, null, null, startup, made) === true;
    },
  };
}
