// Goal: a start ends with a connection to the agent that knows our token and runs the installed file, or
// with an error that says what to do. Method: a machine of a map of files, and the agent's real server.
import { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { BUILD, startLocalAgent, type LocalAgent } from '../../agent/testing/localAgent.ts';
import { isLabError } from '../../contract/errors/labError.ts';
import { startAgent, type AgentMachine } from './startAgent.ts';

const paths = {
  kind: 'wine',
  node: 'C:\\node.exe',
  bundle: 'C:\\agent.cjs',
  state: 'C:\\state',
  roots: { C: 'C:\\work' },
} as const;

const started: LocalAgent[] = [];
afterEach(async () => {
  for (const agent of started.splice(0)) await agent.stop();
});

interface Machine extends AgentMachine {
  readonly files: Map<string, string>;
  launched: number;
}

/** `onLaunch` does what the launched agent would do. */
function machineOf(onLaunch: (machine: Machine) => Promise<void>): Machine {
  const files = new Map<string, string>();
  const machine: Machine = {
    files,
    launched: 0,
    write: (path, text) => Promise.resolve(void files.set(path, text)),
    read: (path) => Promise.resolve(files.get(path)),
    remove: (path) => Promise.resolve(void files.delete(path)),
    launch: async () => {
      machine.launched += 1;
      await onLaunch(machine);
    },
    forward: (port) => {
      const agent = started.find((one) => one.port === port);
      return agent === undefined ? Promise.reject(new Error('nobody listens')) : agent.connect();
    },
  };
  return machine;
}

/** Takes the token and announces itself, as a new agent does and one that was there already. */
async function agentStarts(machine: Machine): Promise<void> {
  const agent = await startLocalAgent();
  started.push(agent);
  agent.offerToken(machine.files.get('C:\\state\\token') ?? '');
  machine.files.delete('C:\\state\\token');
  const announcement = { protocol: 1, port: agent.port, pid: 1 };
  machine.files.set('C:\\state\\agent.json', JSON.stringify(announcement));
}

test('an agent is launched, announces itself, and knows the token', async () => {
  const machine = machineOf(agentStarts);
  // Of an agent that crashed: it must not be believed.
  machine.files.set('C:\\state\\agent.json', JSON.stringify({ protocol: 1, port: 1, pid: 1 }));
  const client = await startAgent({ ...paths, machine });
  expect((await client.facts()).protocol).toBe(1);
  client.close();
});

test('every start has a token of its own, with 256 bits', async () => {
  const tokens: string[] = [];
  const machine = machineOf(async (one) => {
    tokens.push(one.files.get('C:\\state\\token') ?? '');
    await agentStarts(one);
  });
  for (let count = 0; count < 2; count += 1) (await startAgent({ ...paths, machine })).close();
  expect(tokens.every((token) => /^[0-9a-f]{64}$/.test(token))).toBe(true);
  expect(new Set(tokens).size).toBe(2);
});

const misfits: readonly (readonly [string, object])[] = [
  ['from another file', { build: 'another build' }],
  ['with another root', { roots: { C: 'C:\\other' } }],
  ['with fewer roots', { roots: { C: 'C:\\work', D: 'D:\\work' } }],
  ['with more roots', { roots: {} }],
];

test.each(misfits)('an agent that runs %s is asked to leave, once', async (_title, wanted) => {
  const machine = machineOf(agentStarts);
  await expect(startAgent({ ...paths, ...wanted, machine })).rejects.toThrow('agent.refused');
  expect(machine.launched, 'once more, and no endless loop').toBe(2);
  expect(started[0]?.quits()).toBe(1);
});

test('an agent that fits is taken as it is', async () => {
  const machine = machineOf(agentStarts);
  const client = await startAgent({ ...paths, machine, build: BUILD });
  expect(machine.launched).toBe(1);
  client.close();
});

test('an agent of another language is ended by its process id, and ours takes its place', async () => {
  const commands: string[] = [];
  const machine = machineOf(async (one) => {
    if (one.launched === 3) await agentStarts(one);
    // The stranger keeps listening and says nothing that is understood.
    else one.files.set('C:\\state\\agent.json', '{"protocol":1,"port":9,"pid":77}');
  });
  const { launch, forward } = machine;
  machine.launch = (command) => {
    commands.push(command);
    return launch(command);
  };
  machine.forward = (port) =>
    port === 9 ? Promise.resolve(speaking('{"kind":"dance"}\n')) : forward(port);
  const client = await startAgent({ ...paths, machine });
  expect(commands[1]).toBe('taskkill /F /PID 77');
  expect((await client.facts()).protocol).toBe(1);
  client.close();
});

/** A stream that answers whatever it hears with the same words. */
const speaking = (words: string): Duplex =>
  new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      this.push(words);
      done();
    },
  });

test('an agent that does not come: its log is the detail, and no token is left', async () => {
  const machine = machineOf((one) => {
    one.files.set('C:\\state\\agent.log', 'uncaught: out of luck');
    return Promise.resolve();
  });
  const error = await startAgent({ ...paths, machine, limit_ms: 0 }).catch((one: unknown) => one);
  expect(isLabError(error) && [error.code, error.detail]).toEqual([
    'agent.start-failed',
    'uncaught: out of luck',
  ]);
  expect(machine.files.has('C:\\state\\token')).toBe(false);
});

test('a person who cancels does not wait for the limit', async () => {
  const stop = new AbortController();
  const machine = machineOf(() => Promise.resolve(stop.abort()));
  const start = startAgent({ ...paths, machine, signal: stop.signal });
  await expect(start).rejects.toThrow('run.cancelled');
});
