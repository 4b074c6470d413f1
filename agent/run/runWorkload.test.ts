// Goal: steps run in the order that the workload asks for, names stand for what the calls gave, every
// completion is told once, and a run ends in a known way. Method: fake threads play the actors.
import { expect, test } from 'vitest';
import { readWorkload } from '../../contract/expandWorkload.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { WorkerLostError } from '../process/workerProcess.ts';
import { FakeThread, requestMemory, type Play } from '../testing/fakeThread.ts';
import type { Completion, NativeStep } from '../thread/messages.ts';
import { NO_HANDLE } from './names.ts';
import { runWorkload, type RunResult } from './runWorkload.ts';
import { TraceWriter } from './traceWriter.ts';

const PENDING = 0x103;
const roots = new Map([
  ['C', 'C:\\lab\\work'],
  ['D', 'D:\\lab'],
]);

interface Played {
  readonly result: RunResult;
  readonly events: readonly TraceEvent[];
  /** "actor step": the order in which calls began. */
  readonly order: readonly string[];
}

interface Options {
  readonly step_ms?: number;
  readonly signal?: AbortSignal;
}

async function play(
  document: object,
  threads: Readonly<Record<string, FakeThread>>,
  { step_ms = 10_000, signal = new AbortController().signal }: Options = {},
): Promise<Omit<Played, 'order'>> {
  const events: TraceEvent[] = [];
  const workload = readWorkload({ workload: 1, name: 'test', ...document }, 'the test');
  const result = await runWorkload(workload, {
    roots,
    threads: new Map(Object.entries(threads)),
    trace: new TraceWriter((line) => events.push(JSON.parse(line) as TraceEvent)),
    limits: { step_ms, settle_ms: 0 },
    signal,
  });
  return { result, events };
}

const told = (events: readonly TraceEvent[]): readonly string[] =>
  events.map((event) => {
    if (event.kind === 'step') return `${event.step} ${event.operation}`;
    if (event.kind !== 'completion') return event.kind;
    return `${event.step} completes ${event.request}${event.immediate ? ' at once' : ''}`;
  });

const success = { outcome: { status: 0 } };
const done: Completion = { status: 0, information: 0, bytes: '' };

/** Creates succeed with the handles 0x10, 0x14 …; requests stay pending; all else succeeds. */
function plain(steps: NativeStep[] = []): Play {
  let handle = 0x0c;
  return (step) => {
    steps.push(step);
    if (step.step.do === 'create') {
      handle += 4;
      return { outcome: { status: 0, information: 1, handle } };
    }
    if (step.step.do !== 'notify') return success;
    return {
      outcome: { status: PENDING, iosb: 'unchanged', event: 'reset', request: requestMemory() },
    };
  };
}

test('names: paths below the root, relative ones, streams, volumes, closed and failed handles', async () => {
  const steps: NativeStep[] = [];
  const usual = plain(steps);
  const thread = new FakeThread((step) =>
    step.step.id === 'fails'
      ? (steps.push(step), { outcome: { status: 0xc0000034 } })
      : usual(step),
  );
  const { result } = await play(
    {
      volumes: ['C', 'D'],
      steps: [
        { do: 'create', path: 'w', as: 'd' },
        { do: 'create', path: 'a', as: 'f', root: 'd', options: 'SYNCHRONOUS_IO_NONALERT' },
        { do: 'create', path: '', as: 'v', volume: 'D' },
        { do: 'rename', handle: 'v', to: 'b' },
        { do: 'rename', handle: 'f', to: 'b', root: 'd' },
        { do: 'rename', handle: 'f', to: ':s' },
        { do: 'rename', handle: 'f', to: 'c', simple: true },
        { do: 'read', handle: 'f', length: 1 },
        { do: 'close', handle: 'f' },
        { do: 'flush', handle: 'f' },
        { do: 'create', path: 'x', as: 'd', id: 'fails' },
        { do: 'flush', handle: 'd' },
      ],
    },
    { main: thread },
  );
  expect(result).toEqual({ how: 'completed', clean: true });
  expect(steps.map((step) => [step.name, step.handle, step.root, step.synchronous])).toEqual([
    ['\\??\\C:\\lab\\work\\w', NO_HANDLE, 0, false],
    ['a', NO_HANDLE, 0x10, false],
    ['\\??\\D:\\lab', NO_HANDLE, 0, false],
    ['\\??\\D:\\lab\\b', 0x18, 0, false],
    ['b', 0x14, 0x10, true],
    [':s', 0x14, 0, true],
    ['c', 0x14, 0, true],
    ['', 0x14, 0, true],
    ['', 0x14, 0, true],
    ['', NO_HANDLE, 0, true],
    ['\\??\\C:\\lab\\work\\x', NO_HANDLE, 0, false],
    ['', NO_HANDLE, 0, false],
  ]);
  // In the order of opening; `d` was opened under a name that now stands for nothing.
  expect(thread.closed).toEqual([0x10, 0x18]);
});

test('written order goes across actors; a completion is told by the next step of its actor', async () => {
  const order: string[] = [];
  const memory = requestMemory();
  const watcher = new FakeThread(({ step }) => {
    order.push(`watcher ${step.do}`);
    if (step.do === 'create') return { outcome: { status: 0, handle: 0x10 } };
    return step.do === 'notify' ? { outcome: { status: PENDING, request: memory } } : success;
  });
  const changer = new FakeThread(({ step }) => {
    order.push(`changer ${step.do}`);
    watcher.completions.set(memory.event, {
      status: 0,
      information: 18,
      bytes: '000000000100000006000000' + '66006f006f00',
    });
    return success;
  });
  const { events, result } = await play(
    {
      actors: { watcher: {}, changer: {} },
      steps: [
        { do: 'create', path: 'w', as: 'd', actor: 'watcher' },
        { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64, as: 'n', actor: 'watcher' },
        { do: 'delete', path: 'foo', actor: 'changer' },
        { do: 'wait', request: 'n', actor: 'watcher' },
      ],
    },
    { watcher, changer },
  );
  expect(result).toEqual({ how: 'completed', clean: true });
  expect(order).toEqual(['watcher create', 'watcher notify', 'changer delete', 'watcher wait']);
  expect(told(events)).toEqual([
    's1 create',
    's2 notify',
    's3 delete',
    's2 completes n',
    's4 wait',
  ]);
  expect(events[3]).toMatchObject({
    actor: 'watcher',
    thread: 'watcher/watcher',
    information: 18,
    entries: [{ action: 'FILE_ACTION_ADDED', name: 'foo' }],
    immediate: false,
  });
  expect(events.map((event) => event.seq)).toEqual([0, 1, 2, 3, 4]);
  expect(watcher.released).toEqual([memory]);
});

test('a completion that came with the call is told right after its step, as immediate', async () => {
  const memory = requestMemory();
  const thread = new FakeThread(({ step }) =>
    step.do === 'notify'
      ? { outcome: { status: PENDING, information: 0, request: memory }, own: done }
      : success,
  );
  const { events } = await play(
    {
      steps: [
        { do: 'create', path: 'w', as: 'd' },
        { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64 },
      ],
    },
    { main: thread },
  );
  // A request without a name goes by the id of its step.
  expect(told(events)).toEqual(['s1 create', 's2 notify', 's2 completes s2 at once']);
});

test('at the end: what has completed is told in the order of issue, then handles are closed', async () => {
  const memories = [requestMemory(), requestMemory(), requestMemory()];
  let next = 0;
  const thread = new FakeThread(({ step }) => {
    if (step.do === 'create') return { outcome: { status: 0, handle: 0x10 } };
    next += 1;
    return { outcome: { status: PENDING, request: memories[next - 1] ?? requestMemory() } };
  });
  const settled = thread.ask.bind(thread);
  thread.ask = async (kind, ask) => {
    // The second and first complete before the end, the third only because its handle is closed.
    if (kind === 'settle') {
      const last = thread.closed.length > 0 ? [2] : [1, 0];
      for (const index of last) thread.completions.set(memories[index]?.event ?? 0, done);
    }
    return settled(kind, ask);
  };
  const notify = { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64 };
  const { events, result } = await play(
    { steps: [{ do: 'create', path: 'w', as: 'd' }, notify, notify, notify] },
    { main: thread },
  );
  expect(told(events).slice(4)).toEqual(['s2 completes s2', 's3 completes s3']);
  expect(thread.closed).toEqual([0x10]);
  expect(result).toEqual({ how: 'completed', clean: true });
  expect(new Set(thread.released)).toEqual(new Set(memories));
});

test('a request that never completes: the processes are not clean afterwards', async () => {
  const thread = new FakeThread(plain());
  const { result } = await play(
    {
      steps: [
        { do: 'create', path: 'w', as: 'd' },
        { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64 },
      ],
    },
    { main: thread },
  );
  expect(result).toEqual({ how: 'completed', clean: false });
});

const startedRead = {
  steps: [
    { do: 'create', path: 'w', as: 'h' },
    { do: 'read', handle: 'h', length: 1, as: 'r', start: true },
  ],
};

/** A thread whose started call returns when it is cancelled, or never. */
function blocking(returns: boolean): { thread: FakeThread; block: bigint } {
  const memory = requestMemory('started');
  const thread = new FakeThread(({ step }) =>
    step.do === 'create'
      ? { outcome: { status: 0, handle: 0x10 } }
      : { outcome: { status: PENDING, request: memory } },
  );
  const usual = thread.ask.bind(thread);
  thread.ask = async (kind, ask) => {
    if (kind === 'cancel' && returns) thread.completions.set(memory.event, done);
    return usual(kind, ask);
  };
  return { thread, block: memory.ioStatusBlock };
}

test('at the end a call that still blocks is cancelled before its handle is closed', async () => {
  const { thread, block } = blocking(true);
  const { events, result } = await play(startedRead, { main: thread });
  expect(thread.cancelled).toEqual([block]);
  expect(thread.closed).toEqual([0x10]);
  expect(told(events), 'which is not the workload’s doing').toEqual(['s1 create', 's2 read']);
  expect(result).toEqual({ how: 'completed', clean: true });
});

test('a create that gets through while it is cancelled has its handle closed', async () => {
  const memory = requestMemory('started');
  const thread = new FakeThread(() => ({ outcome: { status: PENDING, request: memory } }));
  const usual = thread.ask.bind(thread);
  thread.ask = async (kind, ask) => {
    if (kind === 'cancel') thread.completions.set(memory.event, { ...done, handle: 0x44 });
    return usual(kind, ask);
  };
  const create = { do: 'create', path: 'w', as: 'h', start: true };
  const { result } = await play({ steps: [create] }, { main: thread });
  expect(thread.closed).toEqual([0x44]);
  expect(result).toEqual({ how: 'completed', clean: true });
});

test('a call that cannot be cancelled: its handle is left to the end of its process', async () => {
  const { thread, block } = blocking(false);
  const { result } = await play(startedRead, { main: thread });
  expect(thread.cancelled).toEqual([block]);
  expect(thread.closed).toEqual([]);
  expect(result).toEqual({ how: 'completed', clean: false });
});

test('a started create gives its name a handle when it completes', async () => {
  const memory = requestMemory('started');
  const handles: number[] = [];
  const thread = new FakeThread(({ step, handle }) => {
    if (step.do === 'create') return { outcome: { status: PENDING, request: memory } };
    if (step.do === 'wait') thread.completions.set(memory.event, { ...done, handle: 0x40 });
    handles.push(handle);
    return success;
  });
  const { events } = await play(
    {
      steps: [
        { do: 'create', path: 'x', as: 'h', start: true },
        { do: 'flush', handle: 'h' },
        { do: 'wait', request: 'h' },
        { do: 'flush', handle: 'h' },
      ],
    },
    { main: thread },
  );
  expect(handles).toEqual([NO_HANDLE, NO_HANDLE, 0x40]);
  expect(told(events)).toEqual(['s1 create', 's2 flush', 's1 completes h', 's3 wait', 's4 flush']);
  expect(thread.closed).toEqual([0x40]);
});

test('one process: another actor may wait for a request; it is told once, and freed after both', async () => {
  const memory = requestMemory();
  const waiter = new FakeThread(() => {
    for (const thread of [owner, waiter]) thread.completions.set(memory.event, done);
    return success;
  });
  const owner = new FakeThread(({ step }) =>
    step.do === 'notify' ? { outcome: { status: PENDING, request: memory } } : success,
  );
  const { events } = await play(
    {
      actors: { owner: { process: 'p' }, waiter: { process: 'p' } },
      steps: [
        { do: 'create', path: 'w', as: 'd' },
        { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64, as: 'n' },
        { do: 'wait', request: 'n', actor: 'waiter' },
        { do: 'close', handle: 'd' },
      ],
    },
    { owner, waiter },
  );
  expect(told(events)).toEqual(['s1 create', 's2 notify', 's2 completes n', 's3 wait', 's4 close']);
  expect(events[2]).toMatchObject({ actor: 'owner', thread: 'p/owner' });
  expect([...owner.released, ...waiter.released]).toEqual([memory]);
});

test('free order: a completion that two actors see at the same time is told once', async () => {
  const memory = requestMemory();
  let bothAsk = (): void => undefined;
  const together = new Promise<void>((resolve) => (bothAsk = resolve));
  let asking = 0;
  const looking = async (): Promise<typeof success> => {
    asking += 1;
    if (asking === 2) bothAsk();
    await together;
    for (const thread of [owner, waiter]) thread.completions.set(memory.event, done);
    return success;
  };
  const owner: FakeThread = new FakeThread(({ step }) => {
    if (step.do === 'notify') return { outcome: { status: PENDING, request: memory } };
    return step.id === 'look' ? looking() : success;
  });
  const waiter: FakeThread = new FakeThread(looking);
  const { events } = await play(
    {
      order: 'free',
      actors: { owner: { process: 'p' }, waiter: { process: 'p' } },
      steps: [
        { do: 'create', path: 'w', as: 'd', actor: 'owner' },
        { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64, as: 'n', actor: 'owner' },
        { do: 'barrier', actors: ['owner', 'waiter'] },
        { do: 'flush', handle: 'd', actor: 'owner', id: 'look' },
        { do: 'wait', request: 'n', actor: 'waiter' },
      ],
    },
    { owner, waiter },
  );
  expect(told(events).filter((line) => line.includes('completes'))).toEqual(['s2 completes n']);
  expect([...owner.released, ...waiter.released], 'and freed once').toEqual([memory]);
});

test('free order: actors do not wait for each other, except at barriers', async () => {
  const order: string[] = [];
  let letSlowGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letSlowGo = resolve));
  const slow = new FakeThread(async ({ step }) => {
    if (step.id === 'slow-1') await gate;
    order.push(step.id);
    return success;
  });
  const quick = new FakeThread(({ step }) => {
    order.push(step.id);
    if (step.id === 'quick-2') letSlowGo();
    return success;
  });
  const remove = (actor: string, id: string): object => ({ do: 'delete', path: id, actor, id });
  const { result } = await play(
    {
      order: 'free',
      actors: { slow: {}, quick: {} },
      steps: [
        remove('slow', 'slow-1'),
        remove('quick', 'quick-1'),
        remove('quick', 'quick-2'),
        { do: 'barrier', actors: ['slow', 'quick'] },
        remove('quick', 'quick-3'),
        remove('slow', 'slow-2'),
      ],
    },
    { slow, quick },
  );
  expect(result.how).toBe('completed');
  expect(order.slice(0, 3)).toEqual(['quick-1', 'quick-2', 'slow-1']);
  expect(new Set(order.slice(3))).toEqual(new Set(['quick-3', 'slow-2']));
});

const never = (): Promise<never> => new Promise(() => undefined);
const flushed = {
  steps: [
    { do: 'delete', path: 'x' },
    { do: 'delete', path: 'y' },
  ],
};

test('a call that does not return within the limit: hung, and at which step', async () => {
  const thread = new FakeThread(({ step }) => (step.id === 's2' ? never() : success));
  const { result, events } = await play(flushed, { main: thread }, { step_ms: 1 });
  expect(result).toMatchObject({ how: 'hung', step: 's2', clean: false });
  expect('problem' in result && result.problem).toContain('"s2" (delete) has not returned');
  expect(told(events)).toEqual(['s1 delete']);
});

test('abort ends a run in the middle of a call', async () => {
  const stop = new AbortController();
  const thread = new FakeThread(() => {
    stop.abort();
    return never();
  });
  const { result } = await play(flushed, { main: thread }, { signal: stop.signal });
  expect(result).toEqual({ how: 'aborted', clean: false });
});

test('a step that cannot be carried out: failed, with the step and the reason', async () => {
  const thread = new FakeThread(() => Promise.reject(new Error('ntdll has no NtDeleteFile')));
  const { result } = await play(flushed, { main: thread });
  expect(result).toEqual({
    how: 'failed',
    step: 's1',
    problem: 'ntdll has no NtDeleteFile',
    clean: false,
  });
});

test('a process that is lost: failed, and said so', async () => {
  const thread = new FakeThread(() => Promise.reject(new WorkerLostError('code 3221225477')));
  const { result } = await play(flushed, { main: thread });
  expect('problem' in result && result.problem).toBe(
    'the process of its actor was lost: code 3221225477',
  );
});

test('free order: after the first failure nothing more is told', async () => {
  let fail = (): void => undefined;
  const failing = new Promise<never>((_resolve, reject) => {
    fail = () => reject(new Error('gone'));
  });
  const one = new FakeThread(() => failing);
  let release = (): void => undefined;
  const late = new Promise<void>((resolve) => (release = resolve));
  const other = new FakeThread(async () => {
    fail();
    await late;
    return success;
  });
  const { result, events } = await play(
    {
      order: 'free',
      actors: { one: {}, other: {} },
      steps: [
        { do: 'delete', path: 'x', actor: 'one' },
        { do: 'delete', path: 'y', actor: 'other' },
      ],
    },
    { one, other },
  );
  release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(result).toMatchObject({ how: 'failed', step: 's1' });
  expect(events).toEqual([]);
});
