// Communication ports of one driver: FltCreateCommunicationPort and its like between the driver's memory
// and the ports of the Filter Manager. Each notify callback enters driver code.
import { IrpFlag, NtStatus, ntStatusName } from '../../contract/windows/index.ts';
import type { Connection, Filter, PortCallbacks, ServerPort } from '../filter-manager/index.ts';
import type { MessageBuffers, MessageResult } from '../io/index.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import type { MaybeLater } from '../kernel/later.ts';
import { readObjectAttributes } from './objectAttributes.ts';
import { captureStack } from './places.ts';
import type { Room } from './room.ts';

export interface PortRequest {
  readonly attributes: number;
  readonly cookie: number;
  readonly connect: number;
  readonly disconnect: number;
  readonly message: number;
  readonly maxConnections: number;
}

/** Where a driver keeps a message and the place for its answer. */
export interface MessageRequest {
  readonly sender: number;
  readonly length: number;
  readonly reply: number;
  readonly replyLength: number;
  readonly timeout: number;
}

const OBJ_CASE_INSENSITIVE = 0x40;
const OBJ_KERNEL_HANDLE = 0x200;
const POINTER_BYTES = 4;
/** What stands for a security descriptor: an opaque block, since descriptors never cross as bytes. */
const DESCRIPTOR_BYTES = 0x40;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

export class DriverPorts {
  private readonly room: Room;
  private readonly descriptors = new Map<number, Error>();
  /** Where each server port was created. */
  private readonly created = new Map<ServerPort, Error>();

  constructor(room: Room) {
    this.room = room;
  }

  buildDescriptor(): number {
    const address = this.room.kernel.allocateObject('FMsd', DESCRIPTOR_BYTES);
    this.descriptors.set(address, captureStack());
    return address;
  }

  freeDescriptor(address: number): void {
    if (this.descriptors.delete(address)) this.room.kernel.freeObject(address);
    else this.badHandle('FltFreeSecurityDescriptor', address, 'security descriptor');
  }

  create(filter: Filter, request: PortRequest): ServerPort | NtStatus {
    const { room } = this;
    const routine = 'FltCreateCommunicationPort';
    const { name, root, attributes } = readObjectAttributes(room, request.attributes, routine);
    if (root !== null) throw new NotModelledSignal(`${routine} with a RootDirectory`);
    // OBJ_KERNEL_HANDLE is required; what its absence gives is not documented (U).
    const isComplete =
      (attributes & OBJ_KERNEL_HANDLE) !== 0 &&
      name !== '' &&
      request.connect !== 0 &&
      request.disconnect !== 0 &&
      request.maxConnections > 0;
    if (!isComplete) return NtStatus.STATUS_INVALID_PARAMETER;
    const made = room.manager.ports.create({
      name,
      filter,
      caseInsensitive: (attributes & OBJ_CASE_INSENSITIVE) !== 0,
      maxConnections: request.maxConnections,
      callbacks: this.callbacks(request),
    });
    if (typeof made !== 'number') this.created.set(made, captureStack());
    return made;
  }

  private callbacks({ cookie, connect, disconnect, message }: PortRequest): PortCallbacks {
    return {
      connect: (client, context) => this.connect(connect, cookie, client, context),
      disconnect: async (connection) => {
        await this.call(disconnect, () => [connection]);
      },
      message: message === 0 ? null : (connection, all) => this.message(message, connection, all),
    };
  }

  private call(
    routine: number,
    prepare: (push: (length: number) => number) => readonly number[],
  ): MaybeLater<number> {
    const { room } = this;
    const callback = { kind: 'other', data: null, place: room.placeOfRoutine(routine) } as const;
    return room.call(routine, callback, (stack) => prepare((length) => stack.push(length)));
  }

  /** PFLT_CONNECT_NOTIFY: in the program's thread, with a copy of what it has sent along. */
  private async connect(
    routine: number,
    serverCookie: number,
    client: Connection,
    context: Uint8Array,
  ): Promise<{ readonly status: NtStatus; readonly cookie: number }> {
    const { kernel, memory } = this.room;
    const copy =
      context.length === 0 ? 0 : kernel.pool.allocate('paged', context.length, 'FMcx', 'system');
    if (copy !== 0) kernel.memory.bytes(copy, context.length).set(context);
    let cell = 0;
    const status = await this.call(routine, (push) => {
      cell = push(POINTER_BYTES);
      memory.write32(cell, 0);
      return [client.address, serverCookie, copy, context.length, cell];
    });
    const cookie = memory.read32(cell);
    if (copy !== 0) kernel.pool.free(copy);
    return { status: status >>> 0, cookie };
  }

  /** PFLT_MESSAGE_NOTIFY: in the program's thread, with the program's own addresses. */
  private async message(
    routine: number,
    cookie: number,
    { input, inputLength, output, outputLength }: MessageBuffers,
  ): Promise<MessageResult> {
    const { memory } = this.room;
    let cell = 0;
    const status = await this.call(routine, (push) => {
      cell = push(POINTER_BYTES);
      memory.write32(cell, 0);
      return [cookie, input, inputLength, output, outputLength, cell];
    });
    return { status: status >>> 0, returned: Math.min(memory.read32(cell), outputLength) };
  }

  close(address: number): void {
    const { ports } = this.room.manager;
    const server = ports.serverAt(address);
    if (server === undefined) {
      this.badHandle('FltCloseCommunicationPort', address, 'open server port');
      return;
    }
    this.created.delete(server);
    ports.close(server);
  }

  /** FltCloseClientPort: `pointer` leads to the driver's variable, which becomes NULL. */
  closeClient(pointer: number): void {
    const { memory, manager } = this.room;
    const connection = this.clientIn(pointer, 'FltCloseClientPort');
    if (connection === null) return;
    memory.write32(pointer, 0);
    manager.ports.closeClient(connection);
  }

  private clientIn(pointer: number, routine: string): Connection | null {
    const { room } = this;
    room.probe(pointer, POINTER_BYTES, true, routine);
    const address = room.memory.read32(pointer);
    const found = room.manager.ports.connectionAt(address);
    if (found === undefined) this.badHandle(routine, address, 'client port');
    return found ?? null;
  }

  /** FltSendMessage. */
  async send(pointer: number, request: MessageRequest): Promise<NtStatus> {
    const { room } = this;
    const { memory, kernel } = room;
    const routine = 'FltSendMessage';
    const { sender, length, reply, replyLength, timeout } = request;
    kernel.because('R-FLT-34');
    room.probe(pointer, POINTER_BYTES, false, routine);
    // FltCloseClientPort has set it to NULL: the program has gone meanwhile.
    if (memory.read32(pointer) === 0) return NtStatus.STATUS_PORT_DISCONNECTED;
    const connection = this.clientIn(pointer, routine);
    if (connection === null) return NtStatus.STATUS_INVALID_PARAMETER;
    room.probe(sender, length, false, routine);
    const wanted = reply === 0 ? null : memory.read32(replyLength);
    if (wanted !== null) room.probe(reply, wanted, true, routine);
    this.warnOfHeld(routine);
    const limit = timeout === 0 ? null : BigInt.asIntN(64, memory.read64(timeout));
    const bytes = memory.bytes(sender, length).slice();
    const sent = await room.manager.ports.send(connection, bytes, wanted, limit);
    if (wanted !== null && sent.reply.length > 0) {
      memory.bytes(reply, sent.reply.length).set(sent.reply);
      memory.write32(replyLength, sent.reply.length);
    }
    const shown = [connection.server.name, `${length} bytes`];
    room.tell('fltmgr', routine, shown, ntStatusName(sent.status), ['R-FLT-34']);
    return sent.status;
  }

  /** A program that is asked may need the very page or file that its question holds up. */
  private warnOfHeld(routine: string): void {
    const { kernel, threads, dispatcher } = this.room;
    const data = threads.current?.callbacks.at(-1)?.data;
    const isPaging = ((data?.iopb.irpFlags ?? 0) & IrpFlag.IRP_PAGING_IO) !== 0;
    const holds = dispatcher.holdsResource(kernel.scheduler.current);
    if (!isPaging && !holds) return;
    const where = isPaging ? 'in the path of paging I/O' : 'with a lock held';
    kernel.report({
      id: 'message-while-held',
      evidence: 'I',
      message: `${routine} waits for a program ${where}, which the program may need itself.`,
    });
  }

  /**
   * Before FltUnregisterFilter: a server port that is still open is waited for, without end. Whoever is
   * connected yet is told that the filter goes.
   */
  async unregistering(filter: Filter): Promise<void> {
    const { kernel, manager } = this.room;
    const [open] = manager.ports.openPorts(filter);
    if (open !== undefined) {
      kernel.report({
        id: 'port-left-open',
        message:
          `FltUnregisterFilter is called while the server port ${open.name} is open: it waits ` +
          'for the port, and the unload never ends. FltCloseCommunicationPort comes first.',
      });
      const never = kernel.scheduler.createEvent('notification', false);
      const what = `FltCloseCommunicationPort of ${open.name}`;
      await kernel.scheduler.waitForEvent(never, { kind: 'port', what });
    }
    await manager.ports.disconnectAll(filter);
  }

  reportLeaks(): void {
    const { kernel, input } = this.room;
    for (const [{ name }, stack] of this.created) {
      kernel.report({
        id: 'object-leak',
        message: `The server port ${name}, created here, is still open: ${input.name} has unloaded.`,
        stack: this.room.placesOf(stack),
      });
    }
    for (const stack of this.descriptors.values()) {
      kernel.report({
        id: 'object-leak',
        message:
          'The security descriptor that FltBuildDefaultSecurityDescriptor made here was never ' +
          `freed by FltFreeSecurityDescriptor: ${input.name} has unloaded.`,
        stack: this.room.placesOf(stack),
      });
    }
  }

  private badHandle(routine: string, address: number, kind: string): void {
    const message = `${routine} was given ${hex(address)}, which is no ${kind}.`;
    this.room.kernel.report({ id: 'bad-handle', message });
  }
}
