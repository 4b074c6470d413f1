// Goal: the bundled agent outlives lost connections, hangs and kills, and leaves nothing behind when it
// goes. Method: Wine; connections cut, workers stopped, the agent killed.
import { existsSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENT_FILES } from '../contract/agentProtocol.ts';
import {
  connectAgent,
  launchCommand,
  startAgent,
  type AgentClient,
} from '../lab/agentClient/index.ts';
import { follow, newRun, observe } from './testing/runOnWine.ts';
import { as, close, launchOnWine as launch, make, notify, wait, watched } from './testing/steps.ts';
import { prepareWine, type WineFolder } from './testing/wine.ts';

let wine: WineFolder;
let client: AgentClient;

beforeAll(async () => {
  wine = await prepareWine();
  client = await startAgent({ ...launch, machine: wine.machine });
});
afterAll(async () => {
  await client?.quit();
  await wine?.stop();
});

describe('connections', () => {
  const many = { steps: [{ do: 'repeat', times: 150, steps: [make('f{i}'), close()] }] };

  test('cut in the middle, again and again: the trace is whole', async () => {
    const port = await announcedPort(launch.state);
    const token = await offeredToken(launch.state);
    let allowed_bytes = 3_000;
    const cutting = await connectAgent({
      open: async () => {
        allowed_bytes += 8_000;
        return cutAfter(await wine.machine.forward(port), allowed_bytes);
      },
      token,
    });
    const run = newRun();
    await cutting.prepare(run, { workload: 1, name: 'cut', ...many });
    await cutting.start(run);
    const { events, end } = await follow(cutting, run);
    cutting.close();
    expect(end).toMatchObject({ how: 'completed', lines: 301 });
    expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index));
  });

  test('a wrong token is refused, and the agent goes on', async () => {
    const port = await announcedPort(launch.state);
    const guess = connectAgent({ open: () => wine.machine.forward(port), token: 'guess' });
    await expect(guess).rejects.toThrow('agent.refused');
    expect((await client.facts()).protocol).toBe(1);
    expect(existsSync(wine.hostPath(`${launch.state}\\${AGENT_FILES.token}`))).toBe(false);
  });

  test('a second lab finds the agent that is there, and the first keeps its own way in', async () => {
    const before = await announcement(launch.state);
    const second = await startAgent({ ...launch, machine: wine.machine });
    expect(await announcement(launch.state)).toEqual(before);
    expect(second.agent).toEqual(client.agent);
    second.close();
    expect((await observe(client, { steps: [make('x')] })).end.how).toBe('completed');
  });

  test('an agent with other roots makes way for the one that is wanted', async () => {
    const state = 'C:\\fltlab\\state-roots';
    const roots = { C: 'C:\\fltlab\\roots-c' };
    const first = await startAgent({ ...launch, state, roots, machine: wine.machine });
    const wider = { ...roots, D: 'C:\\fltlab\\roots-d' };
    const second = await startAgent({ ...launch, state, roots: wider, machine: wine.machine });
    expect([first.agent.roots, second.agent.roots]).toEqual([roots, wider]);
    await second.quit();
  });

  test('a second agent in the same folder ends by itself', async () => {
    const args = ['--state', launch.state, '--root', 'C=C:\\fltlab\\elsewhere'];
    expect(await wine.run(launch.node, [launch.bundle, ...args])).toBe(3);
    expect((await client.facts()).protocol).toBe(1);
  });
});

describe('ends', () => {
  test('abort in the middle of a wait', async () => {
    const run = newRun();
    const endless = {
      workload: 1,
      name: 'endless',
      steps: [watched, notify('n'), wait('n', 600_000)],
    };
    await client.prepare(run, endless);
    await client.start(run);
    const following = client.follow(run);
    for await (const item of following) if (item.kind === 'line' && item.index === 2) break;
    expect(await client.abort(run)).toMatchObject({ how: 'aborted', lines: 3 });
    expect((await observe(client, { steps: [make('x')] })).end.how).toBe('completed');
  });

  test('a call that does not return is a hang, at its step; the agent goes on', async () => {
    const hasty = await startAgent({
      ...launch,
      state: 'C:\\fltlab\\state-hang',
      roots: { C: 'C:\\fltlab\\work-hang' },
      machine: wine.machine,
      step_ms: 2_000,
    });
    const run = newRun();
    // As many processes as there are warm ones: all of them are stopped, none is left for later.
    await hasty.prepare(run, {
      workload: 1,
      name: 'hang',
      actors: { one: {}, two: {} },
      steps: [as('one', make('x')), as('two', make('y'))],
    });
    const stopped = await stopWorkers('state-hang');
    expect(stopped.length).toBeGreaterThan(0);
    await hasty.start(run);
    const { end, events } = await follow(hasty, run);
    expect(end).toMatchObject({ how: 'hung', step: 's1' });
    expect(events).toEqual([]);
    expect((await observe(hasty, { steps: [make('x')] })).end.how).toBe('completed');
    await hasty.quit();
  });

  test('killed in the middle: the next agent tells what was written', async () => {
    const mortal = {
      ...launch,
      state: 'C:\\fltlab\\state-mortal',
      roots: { C: 'C:\\fltlab\\mortal' },
    };
    const first = await startAgent({ ...mortal, machine: wine.machine });
    const run = newRun();
    const endless = {
      workload: 1,
      name: 'endless',
      steps: [watched, notify('n'), wait('n', 600_000)],
    };
    await first.prepare(run, endless);
    await first.start(run);
    for await (const item of first.follow(run)) if (item.kind === 'line' && item.index === 2) break;
    first.close();
    const { pid } = await announcement(mortal.state);
    expect(await wine.run('taskkill', ['/F', '/PID', String(pid)])).toBe(0);
    await expect.poll(() => agentProcesses('state-mortal'), { timeout: 10_000 }).toEqual([]);
    const second = await startAgent({ ...mortal, machine: wine.machine });
    const { told, end } = await follow(second, run);
    expect(told).toEqual(['s1 create SUCCESS 0x2', 's2 notify PENDING unchanged reset']);
    expect(end).toMatchObject({ how: 'failed', lines: 3 });
    await second.quit();
  });

  test('nobody there for a while: it leaves nothing running and nothing announced', async () => {
    const lonely = { ...launch, state: 'C:\\fltlab\\state-idle', roots: { C: 'C:\\fltlab\\idle' } };
    const last = await startAgent({ ...lonely, machine: wine.machine, idle_ms: 300 });
    await observe(last, { steps: [make('left behind')] });
    last.close();
    const file = wine.hostPath(`${lonely.state}\\${AGENT_FILES.announcement}`);
    await expect.poll(() => existsSync(file), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => agentProcesses('state-idle'), { timeout: 10_000 }).toEqual([]);
    expect(readdirSync(wine.hostPath('C:\\fltlab\\idle'))).toEqual([]);
  });

  test('settings that are wrong are refused at once', async () => {
    const code = await wine.run(launch.node, [
      launch.bundle,
      '--state',
      'C:\\s',
      '--root',
      'C=C:\\',
    ]);
    expect(code).toBe(64);
  });

  test('without a token no agent starts', async () => {
    const args = ['--state', 'C:\\fltlab\\state-none', '--root', 'C=C:\\fltlab\\none'];
    expect(await wine.run(launch.node, [launch.bundle, ...args])).toBe(2);
  });
});

interface Announced {
  readonly port: number;
  readonly pid: number;
}

async function announcement(state: string): Promise<Announced> {
  const text = await readFile(wine.hostPath(`${state}\\${AGENT_FILES.announcement}`), 'utf8');
  return JSON.parse(text) as Announced;
}

const announcedPort = async (state: string): Promise<number> => (await announcement(state)).port;

async function offeredToken(state: string): Promise<string> {
  await wine.machine.write(`${state}\\${AGENT_FILES.token}`, 'a token of the test');
  return 'a token of the test';
}

/** The same stream, torn after so many bytes from the agent. */
function cutAfter(stream: Duplex, limit_bytes: number): Duplex {
  let seen_bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    seen_bytes += chunk.length;
    if (seen_bytes > limit_bytes) stream.destroy();
  });
  stream.pause();
  return stream;
}

/**
 * Command lines of the agents in this test's own prefix, by host process id. Other Wine prefixes of the
 * machine may run agents too; they are none of this test's business.
 */
async function ownAgents(): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  for (const name of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const parts = await procFile(name, 'cmdline');
    if (!parts.some((part) => part.includes('agent.cjs'))) continue;
    const environment = await procFile(name, 'environ');
    if (environment.includes(`WINEPREFIX=${wine.prefix}`)) found.set(Number(name), parts);
  }
  return found;
}

/** The zero-terminated parts of a file of a process; none when it has ended meanwhile. */
async function procFile(pid: string, file: 'cmdline' | 'environ'): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.split('\0');
}

/** Host process ids of the agent that uses `state`. */
async function agentProcesses(state: string): Promise<readonly number[]> {
  const own = [...(await ownAgents())];
  return own.filter(([, parts]) => parts.some((part) => part.endsWith(state))).map(([pid]) => pid);
}

/** Stops the worker processes of the agent that was started last: no call of theirs returns. */
async function stopWorkers(state: string): Promise<readonly number[]> {
  const agents = await agentProcesses(state);
  const first = Math.min(...agents);
  const stopped: number[] = [];
  for (const [pid, parts] of await ownAgents()) {
    if (pid < first || !parts.includes('worker')) continue;
    process.kill(pid, 'SIGSTOP');
    stopped.push(pid);
  }
  return stopped;
}

test('the line that starts it carries no secret', () => {
  expect(launchCommand(launch)).not.toContain('token');
});
