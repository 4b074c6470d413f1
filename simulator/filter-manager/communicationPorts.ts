// Communication ports: a filter listens on a server port, programs connect to it, and messages go both
// ways. The kernel's side is here; what a callback is, driver/ knows; the program's side is the workload.
//
// Models: R-FLT-34; DDI FltCreateCommunicationPort, FltCloseCommunicationPort, FltCloseClientPort,
// FltSendMessage; FilterConnectCommunicationPort, FilterSendMessage, FilterGetMessage, FilterReplyMessage.
import { NtStatus, ntSuccess } from '../../contract/windows/index.ts';
import type { MessageBuffers, MessageResult, PortEnd, ReceivedMessage } from '../io/index.ts';
import type { Kernel, KernelEvent } from '../kernel/kernel.ts';
import type { Filter } from './filter.ts';

type MaybeLater<Value> = Value | Promise<Value>;

/** What a filter gave to FltCreateCommunicationPort; `message` is null where it takes none. */
export interface PortCallbacks {
  /** PFLT_CONNECT_NOTIFY: the cookie of the connection, where it is let in. */
  readonly connect: (
    client: Connection,
    context: Uint8Array,
  ) => MaybeLater<{ readonly status: NtStatus; readonly cookie: number }>;
  readonly disconnect: (cookie: number) => MaybeLater<void>;
  readonly message: ((cookie: number, buffers: MessageBuffers) => MaybeLater<MessageResult>) | null;
}

export interface ServerPort {
  /** PFLT_PORT. */
  readonly address: number;
  readonly name: string;
  readonly caseInsensitive: boolean;
  readonly filter: Filter;
  readonly maxConnections: number;
  readonly callbacks: PortCallbacks;
  readonly connections: Connection[];
}

interface Message {
  readonly id: bigint;
  readonly bytes: Uint8Array;
  /** Bytes of the reply that the sender has room for; null where it wants none. */
  readonly replyLength: number | null;
  /** Set when a program has taken it, then again when it has answered, or when nobody will any more. */
  readonly moved: KernelEvent;
  reply: { readonly status: NtStatus; readonly bytes: Uint8Array } | null;
}

/** One program connected to one server port. */
export interface Connection {
  /** PFLT_PORT of the filter's end. */
  readonly address: number;
  readonly server: ServerPort;
  cookie: number;
  /** Messages go through until either end is closed. */
  state: 'connecting' | 'open' | 'disconnected';
  /** The filter has not closed its end. */
  held: boolean;
  /** DisconnectNotify has been called, or never will be. */
  notified: boolean;
  /** Sent and not taken, in order. */
  readonly queue: Message[];
  readonly arrived: KernelEvent;
  /** Taken, and somebody waits for the answer. */
  readonly unanswered: Map<bigint, Message>;
}

export interface Sent {
  readonly status: NtStatus;
  readonly reply: Uint8Array;
}

const PORT_BYTES = 0x40;
const none = new Uint8Array(0);

export class CommunicationPorts {
  private readonly kernel: Kernel;
  private readonly servers: ServerPort[] = [];
  /** Also those of server ports that have been closed. */
  private readonly live: Connection[] = [];
  private messages = 0n;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** FltCreateCommunicationPort. */
  create(given: Omit<ServerPort, 'address' | 'connections'>): ServerPort | NtStatus {
    if (given.filter.state === 'unregistered') return NtStatus.STATUS_FLT_DELETING_OBJECT;
    if (this.serverNamed(given.name) !== undefined) return NtStatus.STATUS_OBJECT_NAME_COLLISION;
    const address = this.kernel.allocateObject('FMpo', PORT_BYTES);
    const server: ServerPort = { ...given, address, connections: [] };
    this.servers.push(server);
    return server;
  }

  /** FltCloseCommunicationPort: nobody connects any more; those who have stay connected. */
  close(server: ServerPort): void {
    this.servers.splice(this.servers.indexOf(server), 1);
    this.kernel.freeObject(server.address);
  }

  serverAt(address: number): ServerPort | undefined {
    return this.servers.find((one) => one.address === address);
  }

  /** Server ports of a filter that are still open. */
  openPorts(filter: Filter): readonly ServerPort[] {
    return this.servers.filter((one) => one.filter === filter);
  }

  private serverNamed(name: string): ServerPort | undefined {
    const wanted = name.toUpperCase();
    return this.servers.find(
      (one) => one.name === name || (one.caseInsensitive && one.name.toUpperCase() === wanted),
    );
  }

  /** FilterConnectCommunicationPort, in the program's own thread. */
  async connect(name: string, context: Uint8Array): Promise<PortEnd | NtStatus> {
    this.kernel.because('R-FLT-34');
    const server = this.serverNamed(name);
    if (server === undefined) return NtStatus.STATUS_OBJECT_NAME_NOT_FOUND;
    if (server.connections.length >= server.maxConnections) {
      return NtStatus.STATUS_CONNECTION_COUNT_LIMIT;
    }
    const connection: Connection = {
      address: this.kernel.allocateObject('FMpo', PORT_BYTES),
      server,
      cookie: 0,
      state: 'connecting',
      held: true,
      notified: false,
      queue: [],
      arrived: this.kernel.scheduler.createEvent('notification', false),
      unanswered: new Map(),
    };
    server.connections.push(connection);
    this.live.push(connection);
    const { status, cookie } = await server.callbacks.connect(connection, context);
    if (ntSuccess(status)) {
      connection.cookie = cookie;
      // A filter that closed its end at once has refused, whatever it returned.
      if (connection.held) connection.state = 'open';
      return this.programEnd(connection);
    }
    connection.notified = true;
    this.forget(connection);
    return status;
  }

  private programEnd(connection: Connection): PortEnd {
    return {
      request: (buffers) => this.request(connection, buffers),
      get: (room) => this.get(connection, room),
      reply: (id, status, bytes) => this.reply(connection, id, status, bytes),
      disconnect: () => this.disconnect(connection),
    };
  }

  /** The program has closed its last handle, or the filter is going: DisconnectNotify, once. */
  private async disconnect(connection: Connection): Promise<void> {
    this.hangUp(connection);
    if (!connection.notified) {
      connection.notified = true;
      await connection.server.callbacks.disconnect(connection.cookie);
    }
    if (connection.held) this.leak(connection);
    this.forget(connection);
  }

  /** FltCloseClientPort. */
  closeClient(connection: Connection): void {
    connection.held = false;
    this.hangUp(connection);
  }

  /** Before FltUnregisterFilter: those still connected are told that the filter goes. */
  async disconnectAll(filter: Filter): Promise<void> {
    const connected = this.live.filter(({ server }) => server.filter === filter);
    for (const connection of connected) await this.disconnect(connection);
  }

  connectionAt(address: number): Connection | undefined {
    return this.live.find((one) => one.address === address && one.held);
  }

  /** FilterSendMessage, in the program's own thread. */
  private async request(connection: Connection, buffers: MessageBuffers): Promise<MessageResult> {
    const { callbacks } = connection.server;
    if (connection.state !== 'open') return failed(NtStatus.STATUS_PORT_DISCONNECTED);
    // Not documented which error it is (U): only that there is one.
    if (callbacks.message === null) return failed(NtStatus.STATUS_INVALID_DEVICE_REQUEST);
    return callbacks.message(connection.cookie, buffers);
  }

  /** FilterGetMessage without an OVERLAPPED: waits until there is a message. */
  private async get(connection: Connection, room: number): Promise<ReceivedMessage> {
    const { queue, arrived } = connection;
    while (queue.length === 0 && connection.state === 'open') {
      arrived.reset();
      await this.kernel.scheduler.waitForEvent(arrived, {
        kind: 'port',
        what: `a message on ${connection.server.name}`,
      });
    }
    const message = queue[0];
    if (connection.state !== 'open' || message === undefined) {
      return { ...failed(NtStatus.STATUS_PORT_DISCONNECTED), id: 0n, bytes: none };
    }
    // The message stays for a larger buffer (U).
    if (message.bytes.length > room) {
      return { ...failed(NtStatus.STATUS_BUFFER_TOO_SMALL), id: 0n, bytes: none };
    }
    queue.shift();
    if (message.replyLength !== null) connection.unanswered.set(message.id, message);
    message.moved.set();
    return { status: NtStatus.STATUS_SUCCESS, id: message.id, bytes: message.bytes };
  }

  /** FilterReplyMessage. */
  private reply(connection: Connection, id: bigint, status: NtStatus, bytes: Uint8Array): NtStatus {
    if (connection.state !== 'open') return NtStatus.STATUS_PORT_DISCONNECTED;
    const message = connection.unanswered.get(id);
    if (message === undefined) return NtStatus.STATUS_FLT_NO_WAITER_FOR_REPLY;
    connection.unanswered.delete(id);
    const isCut = bytes.length > (message.replyLength ?? 0);
    // What a reply that is too long becomes is not documented (U): the warning, with what fits.
    message.reply = isCut
      ? { status: NtStatus.STATUS_BUFFER_OVERFLOW, bytes: bytes.slice(0, message.replyLength ?? 0) }
      : { status, bytes };
    message.moved.set();
    return NtStatus.STATUS_SUCCESS;
  }

  /**
   * FltSendMessage: until a program has taken the message and, where the sender wants one, answered. A
   * timeout of null or 0 never passes; a negative one is an interval, a positive one a point in time.
   */
  async send(
    connection: Connection,
    bytes: Uint8Array,
    replyLength: number | null,
    timeout_100ns: bigint | null,
  ): Promise<Sent> {
    const { clock, scheduler } = this.kernel;
    if (connection.state !== 'open') return answered(NtStatus.STATUS_PORT_DISCONNECTED);
    this.messages += 1n;
    const moved = scheduler.createEvent('notification', false);
    const message: Message = { id: this.messages, bytes, replyLength, moved, reply: null };
    connection.queue.push(message);
    connection.arrived.set();
    const now = clock.now();
    const due = dueAt(now, timeout_100ns);
    const isTaken = (): boolean => !connection.queue.includes(message);
    const isOver = (): boolean =>
      connection.state !== 'open' ||
      (replyLength === null ? isTaken() : isTaken() && message.reply !== null);
    while (!isOver()) {
      moved.reset();
      const left = due === null ? undefined : due - clock.now();
      const what = `${isTaken() ? 'the answer' : 'a program'} on ${connection.server.name}`;
      const wait = left !== undefined && left < 0n ? 0n : left;
      const how = await scheduler.waitForEvent(moved, { kind: 'port', what }, wait);
      if (how === 'timeout' && !isOver()) return this.timedOut(connection, message);
    }
    if (message.reply !== null) return { status: message.reply.status, reply: message.reply.bytes };
    const done = replyLength === null && isTaken();
    return answered(done ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_PORT_DISCONNECTED);
  }

  /** Nobody will answer this one any more: STATUS_TIMEOUT, which is a success code. */
  private timedOut(connection: Connection, message: Message): Sent {
    const index = connection.queue.indexOf(message);
    if (index !== -1) connection.queue.splice(index, 1);
    connection.unanswered.delete(message.id);
    return answered(NtStatus.STATUS_TIMEOUT);
  }

  private hangUp(connection: Connection): void {
    if (connection.state === 'disconnected') return;
    connection.state = 'disconnected';
    connection.arrived.set();
    for (const message of [...connection.queue, ...connection.unanswered.values()]) {
      message.moved.set();
    }
  }

  private leak({ server }: Connection): void {
    this.kernel.report({
      id: 'object-leak',
      rules: ['R-FLT-34'],
      message:
        `DisconnectNotify for ${server.name} has returned, and the client port is still open: ` +
        'FltCloseClientPort was not called for it.',
    });
  }

  private forget(connection: Connection): void {
    this.hangUp(connection);
    const index = this.live.indexOf(connection);
    if (index === -1) return;
    this.live.splice(index, 1);
    const { connections } = connection.server;
    connections.splice(connections.indexOf(connection), 1);
    this.kernel.freeObject(connection.address);
  }
}

const failed = (status: NtStatus): MessageResult => ({ status, returned: 0 });
const answered = (status: NtStatus): Sent => ({ status, reply: none });

function dueAt(now: bigint, timeout_100ns: bigint | null): bigint | null {
  if (timeout_100ns === null || timeout_100ns === 0n) return null;
  return timeout_100ns < 0n ? now - timeout_100ns : timeout_100ns;
}
