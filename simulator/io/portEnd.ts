// The program's end of a connection to a filter: on Windows a file of \FileSystem\Filters\FltMgrMsg, of
// which fltlib makes the Filter… routines. The other end is the Filter Manager's.
import type { NtStatus } from '../../contract/windows/index.ts';

/** Addresses in the program's own memory; 0 for none. */
export interface MessageBuffers {
  readonly input: number;
  readonly inputLength: number;
  readonly output: number;
  readonly outputLength: number;
}

export interface MessageResult {
  readonly status: NtStatus;
  /** Bytes that the filter says it has put into the output buffer. */
  readonly returned: number;
}

export interface ReceivedMessage {
  readonly status: NtStatus;
  /** FILTER_MESSAGE_HEADER.MessageId. */
  readonly id: bigint;
  readonly bytes: Uint8Array;
}

export interface PortEnd {
  /** FilterSendMessage. */
  request(buffers: MessageBuffers): Promise<MessageResult>;
  /** FilterGetMessage without an OVERLAPPED, into a buffer with so much room behind the header. */
  get(room: number): Promise<ReceivedMessage>;
  /** FilterReplyMessage. */
  reply(id: bigint, status: NtStatus, bytes: Uint8Array): NtStatus;
  /** The last handle has been closed. */
  disconnect(): Promise<void>;
}
