// Goal: only who knows the token is heard; whatever else is sent, the agent answers by name or hangs up,
// and goes on. Method: raw lines over TCP to a real server with fake workers.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUILD, startLocalAgent, TOKEN, type LocalAgent } from '../testing/localAgent.ts';

let agent: LocalAgent;
const sockets: Socket[] = [];

beforeEach(async () => {
  agent = await startLocalAgent();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await agent.stop();
});

interface Line {
  say(text: string | object): void;
  /** The next reply; undefined when the agent has hung up. */
  hear(): Promise<Record<string, unknown> | undefined>;
}

async function line(at: LocalAgent = agent): Promise<Line> {
  const socket = await at.connect();
  sockets.push(socket);
  socket.on('error', () => undefined);
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    say: (text) => socket.write(`${typeof text === 'string' ? text : JSON.stringify(text)}\n`),
    hear: async () => {
      const { done, value } = await replies.next();
      return done ? undefined : (JSON.parse(value) as Record<string, unknown>);
    },
  };
}

const hello = { kind: 'hello', protocol: 1, token: TOKEN };

async function greeted(): Promise<Line> {
  const connection = await line();
  connection.say(hello);
  await connection.hear();
  return connection;
}

const workload = {
  workload: 1,
  name: 'small',
  steps: [
    { do: 'create', path: 'x', as: 'h' },
    { do: 'close', handle: 'h' },
  ],
};

test('hello with the token is welcomed', async () => {
  const connection = await line();
  connection.say(hello);
  expect(await connection.hear()).toEqual({
    kind: 'welcome',
    protocol: 1,
    build: BUILD,
    roots: { C: 'C:\\work' },
  });
});

const strangers: readonly (readonly [string, string | object, string])[] = [
  ['a wrong token', { ...hello, token: 'guess' }, 'token-refused'],
  ['an empty token', { ...hello, token: '' }, 'token-refused'],
  ['a token that begins right', { ...hello, token: TOKEN.slice(0, -1) }, 'token-refused'],
  ['another protocol', { ...hello, protocol: 2 }, 'protocol-version'],
  ['a request before hello', { kind: 'facts' }, 'bad-request'],
  ['not JSON', 'GET / HTTP/1.1', 'bad-request'],
  ['more than hello needs', 'x'.repeat(2_000), 'line-too-long'],
];

test.each(strangers)('%s: told why, and hung up', async (_title, said, code) => {
  const connection = await line();
  connection.say(said);
  connection.say(hello);
  expect(await connection.hear()).toMatchObject({ kind: 'error', code });
  expect(await connection.hear()).toBeUndefined();
});

test('a wrong token is in the log, the token itself is not', async () => {
  const connection = await line();
  connection.say({ ...hello, token: 'guess' });
  await connection.hear();
  expect(agent.log.join()).toContain('wrong token');
  expect(agent.log.join()).not.toContain('guess');
});

test('a newer token lets a second lab in, and the first one stays in', async () => {
  agent.offerToken('the next');
  for (const token of ['the next', TOKEN, 'the next']) {
    const connection = await line();
    connection.say({ ...hello, token });
    expect(await connection.hear()).toMatchObject({ kind: 'welcome' });
  }
});

test('the oldest of many tokens is forgotten', async () => {
  for (let count = 0; count < 8; count += 1) {
    agent.offerToken(`token ${count}`);
    const connection = await line();
    connection.say({ ...hello, token: `token ${count}` });
    await connection.hear();
  }
  const first = await line();
  first.say(hello);
  expect(await first.hear()).toMatchObject({ code: 'token-refused' });
});

test('who says nothing is hung up on', async () => {
  const impatient = await startLocalAgent({ hello_ms: 1 });
  expect(await (await line(impatient)).hear()).toBeUndefined();
  await impatient.stop();
});

const nonsense: readonly (readonly [string | object, string])[] = [
  ['{', 'bad-request'],
  [{ kind: 'dance' }, 'bad-request'],
  [{ kind: 'start', run: 'r', extra: 1 }, 'bad-request'],
  [{ kind: 'prepare', run: '../x', workload }, 'bad-request'],
  [hello, 'bad-request'],
  [{ kind: 'start', run: 'r' }, 'run-unknown'],
  [{ kind: 'follow', run: 'r', from: 0 }, 'run-unknown'],
  [{ kind: 'abort', run: 'r' }, 'run-unknown'],
  [{ kind: 'prepare', run: 'r', workload: { workload: 2 } }, 'file.newer-version'],
  [{ kind: 'prepare', run: 'r', workload: {} }, 'workload.invalid'],
];

test('what it does not understand it declines, and listens on', async () => {
  const connection = await greeted();
  for (const [said, code] of nonsense) {
    connection.say(said);
    expect(await connection.hear(), JSON.stringify(said)).toMatchObject({ kind: 'error', code });
  }
  connection.say({ kind: 'facts' });
  expect(await connection.hear()).toEqual({
    kind: 'facts',
    facts: {
      protocol: 1,
      nodeVersion: '22.0.0',
      architecture: 'x64',
      windowsVersion: '10.0.19043',
    },
  });
});

test('a run, line by line, and again from the middle on another connection', async () => {
  const connection = await greeted();
  connection.say({ kind: 'prepare', run: 'r', workload });
  expect(await connection.hear()).toEqual({ kind: 'prepared', run: 'r' });
  connection.say({ kind: 'start', run: 'r' });
  expect(await connection.hear()).toEqual({ kind: 'started', run: 'r' });
  connection.say({ kind: 'follow', run: 'r', from: 0 });
  const replies = [];
  for (;;) {
    const reply = await connection.hear();
    replies.push(reply);
    if (reply?.['kind'] !== 'line') break;
  }
  expect(replies.map((reply) => reply?.['index'] ?? reply?.['how'])).toEqual([
    0,
    1,
    2,
    'completed',
  ]);
  const other = await greeted();
  other.say({ kind: 'follow', run: 'r', from: 2 });
  expect(await other.hear()).toEqual(replies[2]);
  expect(await other.hear()).toEqual(replies[3]);
});

test('quit is answered after the agent has cleaned up', async () => {
  const connection = await greeted();
  connection.say({ kind: 'quit' });
  expect(await connection.hear()).toEqual({ kind: 'goodbye' });
  expect(agent.quits()).toBe(1);
});

test('nobody there and nothing running: idle; not while somebody is connected', async () => {
  const brief = await startLocalAgent({ idle_ms: 5 });
  const connection = await line(brief);
  connection.say(hello);
  await connection.hear();
  let idle = false;
  void brief.idle.then(() => (idle = true));
  // Far longer than the limit, measured by the agent's own answers.
  for (let asked = 0; asked < 200; asked += 1) {
    connection.say({ kind: 'facts' });
    await connection.hear();
  }
  expect(idle).toBe(false);
  for (const socket of sockets.splice(0)) socket.destroy();
  await brief.idle;
  await brief.stop();
});
