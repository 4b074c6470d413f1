// fltmgr: registration, instances, and addresses of routines.
import { NtStatus, ntStatusName } from '../../../contract/windows/index.ts';
import { refuseVersion } from '../../filter-manager/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, none, partial, partialBlocking } from '../binding.ts';
import { readRegistration } from '../registrationImage.ts';
import type { Room } from '../room.ts';

const { APC_LEVEL, PASSIVE_LEVEL } = Irql;

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
  FltAttachVolume: none('Instances attach by their definition in the manifest only.'),
};

/** FLTFL_REGISTRATION_DO_NOT_SUPPORT_SERVICE_STOP. */
const DO_NOT_SUPPORT_SERVICE_STOP = 0x1;
