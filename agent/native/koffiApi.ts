// The real ntdll, called through koffi. One instance for each JavaScript thread; addresses and
// handles are good for the whole process.
import koffi from 'koffi';
import type { Address } from './layouts.ts';
import {
  MissingRoutineError,
  ntRoutines,
  type NativeApi,
  type NativeArgument,
  type NtRoutine,
} from './nativeApi.ts';
import { wineHost, type WineHost } from './wineHost.ts';

const koffiType = { p: 'void *', u: 'uint32_t', b: 'bool' } as const;

interface Bound {
  (...given: unknown[]): number;
  async(...given: unknown[]): void;
}

/** More blocked calls than this at once are refused by koffi; libuv allows 1024 threads. */
const ASYNC_CALLS_MAX = 2_048;

export function koffiApi(): NativeApi {
  koffi.config({ ...koffi.config(), max_async_calls: ASYNC_CALLS_MAX });
  const ntdll = koffi.load('ntdll.dll');
  const copy = ntdll.func('memcpy', 'void *', ['void *', 'void *', 'size_t']);
  const bound = new Map<NtRoutine, Bound>();
  let wine: WineHost | undefined | 'unknown' = 'unknown';

  const exported = (name: string, bind: () => unknown): unknown => {
    try {
      return bind();
    } catch (error) {
      // The boundary: koffi says "Cannot find function" and nothing else tells it from a mistake.
      if (String(error).includes('Cannot find function')) throw new MissingRoutineError(name);
      throw error;
    }
  };
  const routine = (name: NtRoutine): Bound => {
    const known = bound.get(name);
    if (known !== undefined) return known;
    const types = ntRoutines[name].map((kind) => koffiType[kind]);
    const made = exported(name, () => ntdll.func(name, 'uint32_t', types)) as Bound;
    bound.set(name, made);
    return made;
  };

  return {
    call: (name, ...given) => routine(name)(...converted(name, given)),
    start: (name, ...given) => {
      const target = routine(name);
      return new Promise((resolve, reject) => {
        target.async(...converted(name, given), (error: unknown, status: number) => {
          if (error) reject(error as Error);
          else resolve(status);
        });
      });
    },
    allocate: (length_bytes) => {
      const address = koffi.alloc('uint8_t', Math.max(1, length_bytes)) as Address;
      copy(address, Buffer.alloc(length_bytes), length_bytes);
      return address;
    },
    free: (address) => koffi.free(address),
    read: (address, length_bytes) => {
      const out = Buffer.alloc(length_bytes);
      copy(out, address, length_bytes);
      return out;
    },
    write: (address, bytes) => {
      copy(address, bytes, bytes.length);
    },
    wine: () => (wine === 'unknown' ? (wine = wineHost(ntdll)) : wine),
  };
}

/** koffi takes pointers as bigint, null for NULL. */
function converted(name: NtRoutine, given: readonly NativeArgument[]): unknown[] {
  const kinds = ntRoutines[name];
  if (given.length !== kinds.length) {
    throw new RangeError(`${name} takes ${kinds.length} arguments, got ${given.length}`);
  }
  return given.map((value, index) => {
    if (kinds[index] !== 'p') return value;
    const pointer = BigInt(value);
    return pointer === 0n ? null : pointer;
  });
}
