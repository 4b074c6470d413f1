// The other machine proves itself by its host key. The first time it is a question to the user; from
// then on the answer is pinned, and any other key ends the connection before the lab says who it is.
import { createHash } from 'node:crypto';
import { LabError } from '../../contract/errors/labError.ts';
import { place, type SshEndpoint } from './sshErrors.ts';

/** "SHA256:…", as `ssh-keygen -l` prints it. */
export type Fingerprint = string;

export type HostKeyPolicy =
  | { readonly kind: 'expected'; readonly fingerprint: Fingerprint }
  /** Trust on first use: called with what the machine offers, before anything else is sent. */
  | { readonly kind: 'question'; readonly trusts: (offered: Fingerprint) => Promise<boolean> };

/** `blob` is the public key as it goes over the wire. */
export const fingerprintOf = (blob: Uint8Array): Fingerprint =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** Undefined when the key is accepted, else why not. */
export async function judgeHostKey(
  at: SshEndpoint,
  policy: HostKeyPolicy,
  offered: Fingerprint,
): Promise<LabError | undefined> {
  if (policy.kind === 'question') {
    return (await policy.trusts(offered)) ? undefined : hostKeyUnknown(at, offered);
  }
  return offered === policy.fingerprint ? undefined : hostKeyChanged(at, policy, offered);
}

const hostKeyUnknown = (at: SshEndpoint, offered: Fingerprint): LabError =>
  new LabError('ssh.host-key-unknown', {
    problem: `${place(at)} shows the host key ${offered}, which nobody has trusted yet.`,
    remedy: 'Compare it with `ssh-keygen -lf` on that machine, then add the target and accept it.',
  });

const hostKeyChanged = (
  at: SshEndpoint,
  policy: { readonly fingerprint: Fingerprint },
  offered: Fingerprint,
): LabError =>
  new LabError('ssh.host-key-changed', {
    problem: `${place(at)} shows the host key ${offered}; the lab knows ${policy.fingerprint}.`,
    remedy:
      'If the machine was installed again, remove the target and add it anew; if not, do not connect.',
  });
