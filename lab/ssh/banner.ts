// Whether an SSH server is alive, in one packet and without a login: it speaks first.
import { connect } from 'node:net';

/** True when it greets; false when it refuses, hangs up, or says nothing until `signal` fires. */
export function greets(
  at: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const socket = connect({ host: at.host, port: at.port });
    const end = (alive: boolean): void => {
      signal.removeEventListener('abort', give_up);
      socket.destroy();
      resolve(alive);
    };
    const give_up = (): void => end(false);
    signal.addEventListener('abort', give_up, { once: true });
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
