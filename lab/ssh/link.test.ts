// A pending call has three ends: its answer, an abort, the loss of the connection. Each happens once.
import { expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { fingerprintOf, judgeHostKey } from './hostKey.ts';
import { Link, type Done } from './link.ts';
import { connectError, connectionLost } from './sshErrors.ts';

const at = { host: 'vm', port: 22, user: 'ann' };
const loss = connectionLost(at);
const fails = (error: Error): Error => new LabError('ssh.file-failed', told(error.message));
const told = (problem: string) => ({ problem, remedy: '' });

function pending(options: { signal?: AbortSignal; discard?: (late: string) => void } = {}) {
  const link = new Link();
  let answer: Done<string> = () => expect.unreachable('not begun');
  const call = link.call<string>({ what: 'asking', fails, ...options }, (done) => (answer = done));
  const outcome = call.then(
    (value) => value,
    (error: LabError) => error.code,
  );
  return { link, outcome, answer: (error: Error | null, value?: string) => answer(error, value) };
}

test('an answer', async () => {
  const { answer, outcome } = pending();
  answer(null, 'yes');
  expect(await outcome).toBe('yes');
});

test('an error of the other side', async () => {
  const { answer, outcome } = pending();
  answer(new Error('no'));
  expect(await outcome).toBe('ssh.file-failed');
});

test('a loss ends every pending call, and every later one', async () => {
  const { link, outcome } = pending();
  const second = link.call({ what: 'asking', fails }, () => undefined);
  link.fail(loss);
  link.fail(connectionLost(at, new Error('later')));
  expect(await outcome).toBe('ssh.connection-lost');
  await expect(second).rejects.toBe(loss);
  await expect(link.call({ what: 'late', fails }, () => undefined)).rejects.toBe(loss);
});

test('an error that comes with the loss is the loss', async () => {
  const { link, answer, outcome } = pending();
  link.fail(loss);
  answer(new Error('No response from server'));
  expect(await outcome).toBe('ssh.connection-lost');
});

test('an abort; what is opened too late is closed', async () => {
  const abort = new AbortController();
  const late: string[] = [];
  const { answer, outcome } = pending({ signal: abort.signal, discard: (x) => late.push(x) });
  abort.abort();
  answer(null, 'channel 7');
  expect([await outcome, late]).toEqual(['run.cancelled', ['channel 7']]);
});

test('a call that is aborted already is not begun and not counted', async () => {
  const link = new Link();
  const begun: string[] = [];
  const options = { what: 'x', fails, signal: AbortSignal.abort(), counts: 'commands' } as const;
  await expect(link.call(options, () => begun.push('begun'))).rejects.toMatchObject({
    code: 'run.cancelled',
  });
  expect([begun, link.requests.total]).toEqual([[], 0]);
});

test('the reason of an abort, when it explains itself, is the error', async () => {
  const limit = new LabError('ssh.refused', told('no answer in time'));
  const { outcome } = pending({ signal: AbortSignal.abort(limit) });
  expect(await outcome).toBe('ssh.refused');
});

test('what ssh2 throws is an error like any other', async () => {
  const link = new Link();
  const call = link.call({ what: 'x', fails }, () => {
    throw new Error('Not connected');
  });
  await expect(call).rejects.toMatchObject({ code: 'ssh.file-failed' });
});

test('listeners hear of the loss once, late ones at once', () => {
  const link = new Link();
  const heard: string[] = [];
  link.onLoss(() => heard.push('early'));
  link.onLoss(() => heard.push('gone'))();
  link.fail(loss);
  link.onLoss(() => heard.push('late'));
  expect(heard).toEqual(['early', 'late']);
});

// `ssh-keygen -lf` of this key printed this fingerprint.
const publicKey = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const fingerprint = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';

test('the fingerprint is the one that OpenSSH prints', () => {
  expect(fingerprintOf(Buffer.from(publicKey, 'base64'))).toBe(fingerprint);
});

const yes = (): Promise<boolean> => Promise.resolve(true);
const no = (): Promise<boolean> => Promise.resolve(false);

test.each([
  ['expected', { kind: 'expected', fingerprint }, undefined],
  ['another', { kind: 'expected', fingerprint: 'SHA256:x' }, 'ssh.host-key-changed'],
  ['trusted now', { kind: 'question', trusts: yes }, undefined],
  ['not trusted', { kind: 'question', trusts: no }, 'ssh.host-key-unknown'],
] as const)('a host key: %s', async (_name, policy, code) => {
  expect((await judgeHostKey(at, policy, fingerprint))?.code).toBe(code);
});

test.each([
  ['client-authentication', 'ssh.authentication-failed'],
  ['client-socket', 'ssh.refused'],
  ['client-timeout', 'ssh.refused'],
  ['protocol', 'ssh.refused'],
  [undefined, 'ssh.refused'],
])('an error of ssh2 at level %s', (level, code) => {
  const error = Object.assign(new Error('x'), level === undefined ? {} : { level });
  expect(connectError(at, error).code).toBe(code);
});
