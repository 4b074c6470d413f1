// The steps of communication ports: what a program says to a filter, in the words of fltlib.
import { z } from 'zod';
import { NtStatus } from './windows/index.ts';
import { Bytes, Name, oneOf, startable, step } from './workloadStep.ts';

/**
 * FilterConnectCommunicationPort: a handle to the port that a filter listens on. The steps of ports are
 * the simulator's; on a target only the observer's port is read, by the agent itself.
 */
const ConnectPort = step('connect-port', {
  /** "\\MyPort", as the filter named it. */
  port: z.string().min(1).max(255),
  /** What ConnectNotify gets. */
  context: Bytes.optional(),
  as: Name,
});
/** FilterSendMessage: MessageNotify gets the data and a buffer of `length` bytes for its answer. */
const SendMessage = step('send-message', {
  handle: Name,
  data: Bytes.optional(),
  length: z.number().int().min(0).max(16_777_216).default(0),
});
/** FilterGetMessage: what FltSendMessage sent, without its header. Waits until there is a message. */
const GetMessage = step('get-message', {
  handle: Name,
  /** Bytes of the buffer, without those of the header. */
  length: z.number().int().min(0).max(16_777_216).default(4_096),
  ...startable,
});
/** FilterReplyMessage to the message that a "get-message" took last. */
const ReplyMessage = step('reply-message', {
  handle: Name,
  /** FILTER_REPLY_HEADER.Status. */
  status: oneOf(NtStatus, 'STATUS_').default(0),
  data: Bytes.optional(),
});

export const portSteps = [ConnectPort, SendMessage, GetMessage, ReplyMessage] as const;

/** What has no meaning on a real machine yet, and why; the agent refuses these steps before the first. */
export const simulatorOnly = {
  detach: 'a filter is detached in the simulator only',
  'connect-port': 'a port of a filter is connected to in the simulator only',
  'send-message': 'a message is sent to a filter in the simulator only',
  'get-message': 'a message of a filter is taken in the simulator only',
  'reply-message': 'a message of a filter is answered in the simulator only',
} as const;
export type SimulatorOnly = keyof typeof simulatorOnly;
export const isSimulatorOnly = (kind: string): kind is SimulatorOnly =>
  Object.hasOwn(simulatorOnly, kind);
