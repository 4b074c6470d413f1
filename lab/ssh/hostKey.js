// The other machine proves itself by its host key. The first time it is a question to the user; from
// then on the answer is pinned, and any other key ends the connection before the lab says who it is.
import { createHash } from 'node:crypto';
import { LabError } from '../../contract/errors/labError.ts';
import { place } from './sshErrors.ts';
/** `blob` is the public key as it goes over the wire. */
export const fingerprintOf = (blob) => `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
/** Undefined when the key is accepted, else why not. */
export async function judgeHostKey(at, policy, offered) {
    if (policy.kind === 'question') {
        return (await policy.trusts(offered)) ? undefined : hostKeyUnknown(at, offered);
    }
    return offered === policy.fingerprint ? undefined : hostKeyChanged(at, policy, offered);
}
const hostKeyUnknown = (at, offered) => new LabError('ssh.host-key-unknown', {
    problem: `${place(at)} shows the host key ${offered}, which nobody has trusted yet.`,
    remedy: 'Compare it with `ssh-keygen -lf` on that machine, then add the target and accept it.',
});
const hostKeyChanged = (at, policy, offered) => new LabError('ssh.host-key-changed', {
    problem: `${place(at)} shows the host key ${offered}; the lab knows ${policy.fingerprint}.`,
    remedy: 'If the machine was installed again, remove the target and add it anew; if not, do not connect.',
});
