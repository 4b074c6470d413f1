// The workbench's line to the lab: a message port in Electron, a WebSocket in a browser. The rest of the
// workbench cannot tell the difference.
import { createORPCClient, isDefinedError, safe } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { ReportedError, RpcContract } from '../../contract/rpc.ts';

export type Lab = ContractRouterClient<RpcContract>;

export async function connectLab(): Promise<Lab> {
  if (window.location.protocol === 'app:') {
    const { port1, port2 } = new MessageChannel();
    window.postMessage('fltlab:connect', window.location.origin, [port2]);
    port1.start();
    return createORPCClient(new PortLink({ port: port1 }));
  }
  const socket = new WebSocket(`ws://${window.location.host}/rpc`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('The lab does not answer.')), {
      once: true,
    });
  });
  return createORPCClient(new SocketLink({ websocket: socket }));
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ReportedError };

/** Awaits a call; a failure comes back as data that can be shown. */
export async function ask<T>(call: Promise<T>): Promise<Answer<T>> {
  const result = await safe(call);
  if (result.isSuccess) return { ok: true, value: result.data as T };
  const { error } = result;
  if (isDefinedError(error)) {
    return { ok: false, error: (error as { data: ReportedError }).data };
  }
  return {
    ok: false,
    error: {
      code: 'internal.bug',
      whose: 'our bug',
      problem: error instanceof Error ? error.message : String(error),
      remedy: 'Reload the page; if it happens again, report it with this text.',
    },
  };
}
