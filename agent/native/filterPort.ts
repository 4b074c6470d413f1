// Ports of minifilters through fltlib.dll. Wine has the library, and its FilterConnectCommunicationPort
// answers E_NOTIMPL to everybody.
import koffi from 'koffi';
import { PortRefused, type FilterPort, type FilterPorts } from '../observer/filterPort.ts';

const HANDLE_BYTES = 8;
const DEVICE_CHARACTERS = 1_024;

/** HRESULTs that say something to a person. */
const meanings: ReadonlyMap<number, string> = new Map([
  [0x80004001, 'this fltlib.dll connects to no port (Wine)'],
  [0x80070002, 'no filter listens on the port: the observer is not loaded'],
  [0x80070005, 'access is denied: the agent has to run as an administrator'],
  [0x800704d6, 'another program is connected to the port'],
]);

const shown = (result: number): string => `0x${(result >>> 0).toString(16).padStart(8, '0')}`;

function refused(routine: string, result: number): PortRefused {
  const meaning = meanings.get(result >>> 0);
  const said = `${routine} returned ${shown(result)}`;
  return new PortRefused(meaning === undefined ? said : `${said}: ${meaning}`);
}

/** Errors of every call: PortRefused. */
export function filterPorts(): FilterPorts {
  return { connect, deviceOf };
}

function library(): ReturnType<typeof koffi.load> {
  try {
    return koffi.load('fltlib.dll');
  } catch (error) {
    // The boundary: koffi says in words that there is no such library.
    throw new PortRefused(`fltlib.dll cannot be loaded: ${String(error)}`);
  }
}

function connect(name: string, context: Uint8Array): FilterPort {
  const fltlib = library();
  const open = fltlib.func('FilterConnectCommunicationPort', 'int32_t', [
    ...['str16', 'uint32_t', 'void *', 'uint16_t', 'void *', 'void *'],
  ]);
  const sendMessage = fltlib.func('FilterSendMessage', 'int32_t', [
    ...['void *', 'void *', 'uint32_t', 'void *', 'uint32_t', 'void *'],
  ]);
  const close = koffi.load('kernel32.dll').func('CloseHandle', 'bool', ['void *']);
  const out = Buffer.alloc(HANDLE_BYTES);
  const result = Number(open(name, 0, Buffer.from(context), context.length, null, out));
  if (result !== 0) throw refused('FilterConnectCommunicationPort', result);
  const handle = out.readBigUInt64LE(0);
  return {
    send: (message, room) => {
      const answer = Buffer.alloc(Math.max(1, room));
      const returned = Buffer.alloc(4);
      const input = Buffer.from(message);
      const sent = Number(
        sendMessage(handle, input, input.length, room === 0 ? null : answer, room, returned),
      );
      if (sent !== 0) throw refused('FilterSendMessage', sent);
      return answer.subarray(0, returned.readUInt32LE(0));
    },
    close: () => {
      close(handle);
    },
  };
}

/** "\Device\HarddiskVolume3" of "C:"; undefined where there is no such drive. */
function deviceOf(drive: string): string | undefined {
  const kernel32 = koffi.load('kernel32.dll');
  const query = kernel32.func('QueryDosDeviceW', 'uint32_t', ['str16', 'void *', 'uint32_t']);
  const text = Buffer.alloc(DEVICE_CHARACTERS * 2);
  if (Number(query(drive, text, DEVICE_CHARACTERS)) === 0) return undefined;
  return text.toString('utf16le').split('\0')[0];
}
