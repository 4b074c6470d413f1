// What this Windows says of itself.
import { ntError } from '../../contract/windows/index.ts';
import { withArena } from '../native/arena.ts';
import {
  readVersionInformation,
  RTL_OSVERSIONINFOW_BYTES,
  versionInformationRequest,
} from '../native/layouts.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { NativeFacts } from './messages.ts';

export function nativeFacts(native: NativeApi): NativeFacts {
  const windowsVersion = withArena(native, (arena) => {
    const buffer = arena.put(versionInformationRequest());
    const status = native.call('RtlGetVersion', buffer);
    if (ntError(status)) throw new Error(`RtlGetVersion failed with 0x${status.toString(16)}`);
    return readVersionInformation(native.read(buffer, RTL_OSVERSIONINFOW_BYTES));
  });
  const wineVersion = native.wine()?.version;
  return wineVersion === undefined ? { windowsVersion } : { windowsVersion, wineVersion };
}
