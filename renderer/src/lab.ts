// The workbench's line to the lab: a message port in Electron, a WebSocket in a browser. The rest of the
// workbench cannot tell the difference. A line that is cut is made anew, and who watches begins again.
import { createORPCClient, isDefinedError, safe, type ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { ReportedError, RpcContract } from '../../contract/rpc.ts';

export type Lab = ContractRouterClient<RpcContract>;
export type LineState = 'connected' | 'lost' | 'ended';

export interface LabLine {
  readonly lab: Lab;
  /** Calls `told` now and at every change. */
  onstate(told: (state: LineState) => void): void;
}

type Link = ClientLink<Record<never, never>>;

/** Soon at first, because most cuts are short. */
const RETRY_ms = [250, 500, 1_000, 2_000, 3_000];
/** After this many tries the lab itself is gone, or another one answers that does not know us. */
const TRIES_MAX = 20;

export async function connectLab(): Promise<LabLine> {
  return window.location.protocol === 'app:' ? connectPort() : connectSocket();
}

function connectPort(): LabLine {
  const { port1, port2 } = new MessageChannel();
  window.postMessage('fltlab:connect', window.location.origin, [port2]);
  port1.start();
  const lab: Lab = createORPCClient(new PortLink({ port: port1 }));
  return { lab, onstate: (told) => told('connected') };
}

async function connectSocket(): Promise<LabLine> {
  let current: Link = linkOf(await openSocket());
  let state: LineState = 'connected';
  const listeners = new Set<(state: LineState) => void>();
  const become = (next: LineState): void => {
    state = next;
    for (const told of listeners) told(next);
  };
  const again = async (tries: number): Promise<void> => {
    if (tries >= TRIES_MAX) return become('ended');
    await new Promise((resolve) => setTimeout(resolve, RETRY_ms[tries] ?? RETRY_ms.at(-1)));
    const socket = await openSocket().catch(() => null);
    if (socket === null) return again(tries + 1);
    current = linkOf(socket);
    become('connected');
  };
  function linkOf(socket: WebSocket): Link {
    // For the console, and for tests that cut it: nothing in the workbench reads it.
    Object.assign(window, { fltlabLine: socket });
    socket.addEventListener('close', () => {
      become('lost');
      void again(0);
    });
    return new SocketLink({ websocket: socket });
  }
  const link: Link = {
    call: (path, input, options) => {
      if (state !== 'connected') return Promise.reject(new Error(CUT));
      return current.call(path, input, options);
    },
  };
  return {
    lab: createORPCClient(link),
    onstate: (told) => {
      listeners.add(told);
      told(state);
    },
  };
}

const CUT = 'The connection to the lab is cut.';

async function openSocket(): Promise<WebSocket> {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${window.location.host}/rpc`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('The lab does not answer.')), {
      once: true,
    });
  });
  return socket;
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReportedError };

/** Awaits a call; a failure comes back as data that can be shown. */
export async function ask<T>(call: Promise<T>): Promise<Answer<T>> {
  const result = await safe(call);
  if (result.isSuccess) return { ok: true, value: result.data as T };
  return { ok: false, error: reportedError(result.error) };
}

/** What a person is told about a call that failed. */
export function reportedError(error: unknown): ReportedError {
  if (isDefinedError(error as Error)) return (error as { data: ReportedError }).data;
  const problem = error instanceof Error ? error.message : String(error);
  if (/connection|closed|abort|WebSocket/i.test(problem)) {
    return {
      code: 'workbench.not-connected',
      whose: 'your lab',
      problem: CUT,
      remedy: 'It is made anew by itself; what you typed is kept, and runs go on in the lab.',
    };
  }
  return {
    code: 'internal.bug',
    whose: 'our bug',
    problem,
    remedy: 'Reload the page; if it happens again, report it with this text.',
  };
}
