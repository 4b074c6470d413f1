// fltmgr: communication ports.
import { NtStatus, ntStatusName } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, partial } from '../binding.ts';

const { APC_LEVEL, PASSIVE_LEVEL } = Irql;

export const communicationExports = {
  FltBuildDefaultSecurityDescriptor: partial(
    'The descriptor is an opaque block: its contents cannot be read.',
    ['out32', 'u32'],
    'status',
    (room, descriptor) => {
      descriptor.set(room.ports.buildDescriptor());
      return NtStatus.STATUS_SUCCESS;
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltFreeSecurityDescriptor: full(
    ['address'],
    'void',
    (room, descriptor) => {
      room.ports.freeDescriptor(descriptor);
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltCreateCommunicationPort: partial(
    'Every program may connect: the security descriptor is not looked at.',
    ['filter', 'out32', 'address', 'address', 'routine', 'routine', 'routine', 'i32'],
    'status',
    (room, filter, port, attributes, cookie, connect, disconnect, message, maxConnections) => {
      const callbacks = { connect, disconnect, message };
      const made = room.ports.create(filter, { attributes, cookie, maxConnections, ...callbacks });
      const status = typeof made === 'number' ? made : NtStatus.STATUS_SUCCESS;
      if (typeof made !== 'number') port.set(made.address);
      const name = typeof made === 'number' ? [] : [made.name];
      room.tell('fltmgr', 'FltCreateCommunicationPort', name, ntStatusName(status), ['R-FLT-34']);
      return status;
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltCloseCommunicationPort: full(
    ['address'],
    'void',
    (room, port) => {
      room.ports.close(port);
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltCloseClientPort: full(
    ['filter', 'address'],
    'void',
    (room, _filter, port) => {
      room.ports.closeClient(port);
    },
    { irql: PASSIVE_LEVEL },
  ),
  FltSendMessage: fullBlocking(
    ['filter', 'address', 'address', 'u32', 'address', 'address', 'address'],
    'status',
    (room, _filter, port, sender, length, reply, replyLength, timeout) =>
      room.ports.send(port, { sender, length, reply, replyLength, timeout }),
    { irql: APC_LEVEL },
  ),
};
