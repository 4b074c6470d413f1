// The step about attributes by name.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { ntError, ObjectAttribute } from '../../contract/windows/index.ts';
import { withArena } from '../native/arena.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import type { NativeOutcome, NativeStep } from './messages.ts';
import { withOutput } from './withBlock.ts';

/** The routines without a status block return their whole structure. */
const attributeQueries = {
  basic: { routine: 'NtQueryAttributesFile', length_bytes: 40 },
  full: { routine: 'NtQueryFullAttributesFile', length_bytes: 56 },
} as const;
/** Room for every class that can be asked for by name. */
const BY_NAME_BYTES = 128;

export function queryAttributes(
  native: NativeApi,
  { how, class: informationClass }: Extract<ActingStep, { do: 'query-attributes' }>,
  { name, root }: Omit<NativeStep, 'step'>,
): NativeOutcome {
  if (how === 'by-name') {
    return withOutput(native, BY_NAME_BYTES, (arena, block, buffer) => {
      const object = arena.objectAttributes(name, root, ObjectAttribute.OBJ_CASE_INSENSITIVE);
      const given = [object, block, buffer, BY_NAME_BYTES, informationClass] as const;
      return native.call('NtQueryInformationByName', ...given);
    });
  }
  const { routine, length_bytes } = attributeQueries[how];
  return withArena(native, (arena) => {
    const object = arena.objectAttributes(name, root, ObjectAttribute.OBJ_CASE_INSENSITIVE);
    const buffer = arena.allocate(length_bytes);
    const status = native.call(routine, object, buffer);
    if (ntError(status)) return { status };
    return { status, bytes: native.read(buffer, length_bytes).toString('hex') };
  });
}
