// fltmgr: registration, instances, and addresses of routines.
import { NtStatus, ntStatusName } from '../../../contract/windows/index.ts';
import {
  isAltitude,
  refuseVersion,
  type Filter,
  type FltVolume,
  type InstanceDefinition,
} from '../../filter-manager/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, partial, partialBlocking, type Out } from '../binding.ts';
import { readRegistration } from '../registrationImage.ts';
import type { Room } from '../room.ts';

const { APC_LEVEL, PASSIVE_LEVEL } = Irql;

/** The new instance is given out with a reference. */
async function attach(
  room: Room,
  filter: Filter,
  volume: FltVolume,
  definition: InstanceDefinition,
  instance: Out<number> | null,
): Promise<NtStatus> {
  const attached = await room.manager.attachManually(filter, volume, definition);
  if (typeof attached === 'number') return attached;
  if (instance !== null) {
    room.references.add(attached.address);
    instance.set(attached.address);
  }
  return NtStatus.STATUS_SUCCESS;
}

function refuse(room: Room, status: NtStatus, problem: string): NtStatus {
  room.kernel.report({
    id: 'registration-invalid',
    message: `FltRegisterFilter returns ${ntStatusName(status)}: ${problem}`,
  });
  return status;
}

export const registrationExports = {
  FltRegisterFilter: partial(
    'Name-provider, transaction and section callbacks are accepted and never called.',
    ['address', 'address', 'out32'],
    'status',
    (room, _driver, registration, filter) => {
      const read = readRegistration(room, registration);
      const { registrationVersion } = room.kernel.profile;
      const old = refuseVersion(read.version, registrationVersion);
      if (old !== null) return refuse(room, old.status, old.problem);
      if (read.problem !== null) {
        return refuse(room, NtStatus.STATUS_INVALID_PARAMETER, read.problem);
      }
      if (room.filter !== null) {
        room.kernel.report({
          id: 'object-leak',
          message:
            'FltRegisterFilter was called again while the filter is registered: nobody can unregister ' +
            'the first one any more.',
        });
      }
      const { name, instances } = room.input;
      const result = room.manager.register(name, instances, read.callbacks);
      if (result.kind === 'refused') return refuse(room, result.status, result.problem);
      room.contexts.register(read.contextRegistration);
      room.filter = result.filter;
      room.canBeStopped = (read.flags & DO_NOT_SUPPORT_SERVICE_STOP) === 0;
      filter.set(result.filter.address);
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: APC_LEVEL },
  ),
  FltStartFiltering: fullBlocking(
    ['filter'],
    'status',
    (room, filter) =>
      room.manager.startFiltering(filter, room.input.callbacksCalled ? undefined : []),
    { irql: APC_LEVEL },
  ),
  FltUnregisterFilter: fullBlocking(
    ['filter'],
    'void',
    async (room, filter) => {
      await room.ports.unregistering(filter);
      await room.manager.unregister(filter);
      await room.contexts.forgetAll();
      if (room.filter === filter) room.filter = null;
    },
    { irql: APC_LEVEL },
  ),
  FltGetRoutineAddress: full(['text'], 'address', (room, name) => {
    const address = room.routineAddress(['fltmgr'], name, 'FltGetRoutineAddress');
    if (name === 'FltGetNewSystemBufferAddress' && address === 0) {
      room.newSystemBufferMissing = room.place();
    }
    const shown = address === 0 ? 'NULL' : `0x${address.toString(16)}`;
    room.tell('fltmgr', 'FltGetRoutineAddress', [`"${name}"`], shown);
    return address;
  }),
  FltDetachVolume: partialBlocking(
    'The instance is found by its name, or the only one on the volume when the name is NULL.',
    ['filter', 'volume', 'optionalUnicodeString'],
    'status',
    async (room, filter, volume, name) => {
      const wanted = name?.read();
      const instance = filter.instances.find(
        (one) => one.volume === volume && (wanted === undefined || one.name === wanted),
      );
      if (instance === undefined) return NtStatus.STATUS_FLT_INSTANCE_NOT_FOUND;
      return room.manager.detachManually(instance);
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltAttachVolume: partialBlocking(
    'The name is one of the instances in the manifest; NULL is the first.',
    ['filter', 'volume', 'optionalUnicodeString', 'optionalOut32'],
    'status',
    async (room, filter, volume, name, instance) => {
      const wanted = name?.read();
      const definition = filter.definitions.find(
        (one) => wanted === undefined || one.name === wanted,
      );
      if (definition === undefined) return NtStatus.STATUS_FLT_INSTANCE_NOT_FOUND;
      return attach(room, filter, volume, definition, instance);
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltAttachVolumeAtAltitude: fullBlocking(
    ['filter', 'volume', 'unicodeString', 'optionalUnicodeString', 'optionalOut32'],
    'status',
    async (room, filter, volume, altitude, name, instance) => {
      const text = altitude.read();
      if (!isAltitude(text)) return NtStatus.STATUS_INVALID_PARAMETER;
      const definition = {
        name: name?.read() ?? `${filter.name} ${text}`,
        altitude: text,
        flags: 0,
      };
      return attach(room, filter, volume, definition, instance);
    },
    { irql: PASSIVE_LEVEL },
  ),
};

/** FLTFL_REGISTRATION_DO_NOT_SUPPORT_SERVICE_STOP. */
const DO_NOT_SUPPORT_SERVICE_STOP = 0x1;
