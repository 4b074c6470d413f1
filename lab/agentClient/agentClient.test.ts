// Goal: whatever happens to the connection, the lab gets every line of a trace once and in order, and
// every failure under the code that says whose move it is. Method: the agent's real server with fake
// workers, behind streams that the test cuts; scripted agents for what a real one never says.
import { duplexPair, type Duplex } from 'node:stream';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUILD, startLocalAgent, TOKEN, type LocalAgent } from '../../agent/testing/localAgent.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { connectAgent, type AgentClient, type Followed } from './agentClient.ts';

const STEPS = 400;
const workload = {
  workload: 1,
  name: 'long',
  steps: [{ do: 'repeat', times: STEPS, steps: [{ do: 'delete', path: 'f{i}' }] }],
};

let agent: LocalAgent;
const clients: AgentClient[] = [];

beforeEach(async () => {
  agent = await startLocalAgent();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await agent.stop();
});

interface Given {
  readonly open?: () => Promise<Duplex>;
  readonly token?: string;
  readonly signal?: AbortSignal;
  readonly attempts?: number;
  readonly pauses?: number[];
}

async function connected(given: Given = {}): Promise<AgentClient> {
  const client = await connectAgent({
    open: given.open ?? (() => agent.connect()),
    token: given.token ?? TOKEN,
    signal: given.signal,
    ...(given.attempts === undefined ? {} : { attempts: given.attempts }),
    pause: (attempt) => {
      given.pauses?.push(attempt);
      return Promise.resolve();
    },
  });
  clients.push(client);
  return client;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (isLabError(error) ? error.code : String(error)),
  );

async function read(following: AsyncIterable<Followed>): Promise<Followed[]> {
  const items: Followed[] = [];
  for await (const item of following) items.push(item);
  return items;
}

/** Line numbers, then how it ended. */
const summary = (items: readonly Followed[]): readonly (number | string)[] =>
  items.map((item) => (item.kind === 'line' ? item.index : item.how));
const whole = [...Array.from({ length: STEPS + 1 }, (_one, index) => index), 'completed'];

/** A stream to the agent that is torn after so many bytes from it. */
async function torn(after_bytes: number): Promise<Duplex> {
  const socket = await agent.connect();
  const [near, far] = duplexPair();
  let left_bytes = after_bytes;
  socket.on('error', () => far.destroy());
  far.on('error', () => socket.destroy());
  far.pipe(socket);
  socket.on('data', (chunk: Buffer) => {
    const passed = chunk.subarray(0, left_bytes);
    left_bytes -= passed.length;
    far.write(passed);
    if (left_bytes > 0) return;
    far.end();
    socket.destroy();
  });
  return near;
}

test('facts, a run from end to end, and which agent it is', async () => {
  const client = await connected();
  expect(client.agent).toEqual({ build: BUILD, roots: { C: 'C:\\work' } });
  expect((await client.facts()).windowsVersion).toBe('10.0.19043');
  await client.prepare('r', workload);
  await client.start('r');
  expect(summary(await read(client.follow('r')))).toEqual(whole);
  expect(await client.abort('r')).toMatchObject({ how: 'completed', lines: STEPS + 1 });
  await client.quit();
  expect(agent.quits()).toBe(1);
});

test('cut again and again in the middle of lines: nothing is lost, nothing comes twice', async () => {
  // Ever later, so that each connection brings it further; the first ones die in the greeting.
  let after_bytes = 40;
  let opened = 0;
  const open = (): Promise<Duplex> => {
    opened += 1;
    after_bytes += 1_337;
    return torn(after_bytes);
  };
  const client = await connected({ open });
  await client.prepare('r', workload);
  await client.start('r');
  expect(summary(await read(client.follow('r')))).toEqual(whole);
  expect(opened).toBeGreaterThan(5);
});

test('a follower that begins in the middle', async () => {
  const client = await connected();
  await client.prepare('r', workload);
  await client.start('r');
  await read(client.follow('r'));
  expect(summary(await read(client.follow('r', STEPS)))).toEqual([STEPS, 'completed']);
});

test('a reader that stops in the middle hangs up, and the client lives on', async () => {
  const client = await connected();
  await client.prepare('r', workload);
  await client.start('r');
  for await (const item of client.follow('r')) if (item.kind === 'line' && item.index === 3) break;
  expect((await client.facts()).protocol).toBe(1);
});

test('a request whose answer was cut off is asked again', async () => {
  const connections = [torn(110), agent.connect()];
  const pauses: number[] = [];
  const open = (): Promise<Duplex> => connections.shift() ?? Promise.reject(new Error('too many'));
  const client = await connected({ open, pauses });
  expect((await client.facts()).protocol).toBe(1);
  expect(pauses).toEqual([1]);
});

test('a connection that does not come back: lost, after so many attempts', async () => {
  const pauses: number[] = [];
  let working = true;
  const open = (): Promise<Duplex> =>
    working ? agent.connect() : Promise.reject(new Error('ECONNREFUSED'));
  const client = await connected({ open, attempts: 3, pauses });
  await client.prepare('r', workload);
  await client.start('r');
  working = false;
  expect(await codeOf(read(client.follow('r')))).toBe('ssh.connection-lost');
  expect(pauses).toEqual([1, 2, 3]);
});

const tunnelFailures: readonly (readonly [string, boolean])[] = [
  ['ssh.refused', true],
  ['ssh.host-key-changed', false],
  ['ssh.authentication-failed', false],
];

test.each(tunnelFailures)('a tunnel that fails with %s: tried again: %s', async (code, again) => {
  const pauses: number[] = [];
  const failure = new LabError(code as 'ssh.refused', { problem: 'no.', remedy: 'none.' });
  const work = connected({ open: () => Promise.reject(failure), attempts: 2, pauses });
  expect(await codeOf(work), 'the tunnel’s own error is told').toBe(code);
  expect(pauses).toEqual(again ? [1, 2] : []);
});

test('a wrong token is refused, and not tried again', async () => {
  const pauses: number[] = [];
  expect(await codeOf(connected({ token: 'guess', pauses }))).toBe('agent.refused');
  expect(pauses).toEqual([]);
});

const declined: readonly (readonly [string, unknown, string])[] = [
  ['no workload', {}, 'workload.invalid'],
  [
    'a path that escapes',
    { workload: 1, name: 'x', steps: [{ do: 'delete', path: '..\\x' }] },
    'workload.path-escapes',
  ],
  ['a newer workload', { workload: 2 }, 'file.newer-version'],
];

test.each(declined)(
  '%s: under the code of the person’s mistake',
  async (_title, document, code) => {
    const client = await connected();
    expect(await codeOf(client.prepare('r', document))).toBe(code);
    expect((await client.facts()).protocol, 'and the connection lives on').toBe(1);
  },
);

test('a run that is unknown is refused by name', async () => {
  const client = await connected();
  expect(await codeOf(client.start('none'))).toBe('agent.refused');
  expect(await codeOf(read(client.follow('none')))).toBe('agent.refused');
});

test('an abort signal ends whatever is under way', async () => {
  const stop = new AbortController();
  const held = await startLocalAgent({ play: () => new Promise<never>(() => undefined) });
  const client = await connected({ open: () => held.connect(), signal: stop.signal });
  const preparing = client.prepare('r', { ...workload, setup: [{ mkdir: 'w' }] });
  stop.abort();
  expect(await codeOf(preparing)).toBe('run.cancelled');
  expect(await codeOf(client.facts())).toBe('run.cancelled');
  await held.stop();
});

/** An agent that says what the test wants, line for line. */
function scripted(...replies: readonly (object | string)[]): () => Promise<Duplex> {
  return () => {
    const [near, far] = duplexPair();
    const rest = [...replies];
    createInterface({ input: far }).on('line', () => {
      for (const reply of rest.splice(0, 1)) {
        far.write(`${typeof reply === 'string' ? reply : JSON.stringify(reply)}\n`);
      }
    });
    far.on('error', () => undefined);
    return Promise.resolve(near);
  };
}

const welcome = { kind: 'welcome', protocol: 1, build: 'x', roots: {} };
const nextLine = (index: number): object => ({ kind: 'line', run: 'r', index, text: '{}' });

const broken: readonly (readonly [string, readonly (object | string)[]])[] = [
  ['not JSON', [welcome, 'hello?']],
  ['no reply of the protocol', [welcome, { kind: 'dance' }]],
  ['a field too many', [welcome, { ...nextLine(0), extra: 1 }]],
  ['a line out of turn', [welcome, nextLine(1)]],
  ['a reply to another request', [welcome, { kind: 'started', run: 'r' }]],
  ['an error that nobody knows', [welcome, { kind: 'error', code: 'odd', problem: 'p' }]],
  ['a greeting that is none', [{ kind: 'goodbye' }]],
];

test.each(broken)('%s: the agent broke its protocol', async (_title, replies) => {
  const work = async (): Promise<unknown> =>
    read((await connected({ open: scripted(...replies) })).follow('r'));
  expect(await codeOf(work())).toBe('agent.protocol');
});

test('quit over a connection that was cut unnoticed is told again over a new one', async () => {
  const quits: number[] = [];
  let connections = 0;
  const open = (): Promise<Duplex> => {
    const [near, far] = duplexPair();
    const connection = (connections += 1);
    createInterface({ input: far }).on('line', (line) => {
      if (line.includes('hello')) far.write(`${JSON.stringify(welcome)}\n`);
      else if (connection === 1) far.destroy();
      else {
        quits.push(connection);
        far.end(`${JSON.stringify({ kind: 'goodbye' })}\n`);
      }
    });
    return Promise.resolve(near);
  };
  expect(await codeOf((await connected({ open })).quit())).toBe('no error');
  expect(quits).toEqual([2]);
});

test('quit of an agent that is gone before it can say goodbye is a quit', async () => {
  const open = (): Promise<Duplex> => {
    const [near, far] = duplexPair();
    let heard = 0;
    createInterface({ input: far }).on('line', () => {
      heard += 1;
      if (heard === 1) far.write(`${JSON.stringify(welcome)}\n`);
      else far.end();
    });
    return Promise.resolve(near);
  };
  expect(await codeOf((await connected({ open })).quit())).toBe('no error');
});
