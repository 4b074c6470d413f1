// Goal: threads block, wake and take APCs as on Windows; when nothing can run, the wait graph says why.
// Method: small programs of two or three threads that write what they do into one log.
import { describe, expect, test } from 'vitest';
import { profileOf } from '../windows/profiles.ts';
import { HangSignal, NotModelledSignal } from './kernel.ts';
import { Machine } from './machine.ts';
import { PlainMemory } from './memory.ts';
import { Irql, type KernelApc } from './thread.ts';
import type { ThreadRecord } from './threadRecord.ts';

const reason = { kind: 'event', what: 'the test event' };

interface Bench {
  readonly machine: Machine;
  readonly log: string[];
  /** Starts a thread of process "p". */
  thread(name: string, body: () => Promise<void>): ThreadRecord;
  apc(kind: KernelApc['kind'], what: string): KernelApc;
}

function bench(seed = 0): Bench {
  const machine = new Machine({
    profile: profileOf('win7'),
    memory: new PlainMemory(),
    seed,
    onEvent: () => undefined,
    gradeOf: () => undefined,
  });
  const process = machine.scheduler.createProcess('p');
  const log: string[] = [];
  return {
    machine,
    log,
    thread: (name, body) => machine.scheduler.createThread(process, name, body),
    apc: (kind, what) => ({ kind, what, routine: () => void log.push(what) }),
  };
}

describe('events', () => {
  test('a notification event frees everybody, even when it is reset at once', async () => {
    const { machine, log, thread } = bench();
    const { scheduler } = machine;
    const event = scheduler.createEvent('notification', false);
    for (const name of ['a', 'b']) {
      thread(
        name,
        async () => void log.push(`${name} ${await scheduler.waitForEvent(event, reason)}`),
      );
    }
    thread('c', async () => {
      event.set();
      event.reset();
    });
    expect(await scheduler.run()).toEqual({ kind: 'completed' });
    expect(log).toEqual(['a signalled', 'b signalled']);
  });

  test('a synchronization event frees one, the first that came', async () => {
    const { machine, log, thread } = bench();
    const { scheduler } = machine;
    const event = scheduler.createEvent('synchronization', false);
    for (const name of ['a', 'b']) {
      thread(name, async () => {
        const how = await scheduler.waitForEvent(event, reason, 50n);
        log.push(`${name} ${how} at ${machine.clock.elapsed_100ns}`);
      });
    }
    thread('c', async () => event.set());
    await scheduler.run();
    expect(log).toEqual(['a signalled at 0', 'b timeout at 50']);
    expect(event.signalled).toBe(false);
  });

  test('time passes only when nothing else can run', async () => {
    const { machine, log, thread } = bench();
    const { scheduler, clock } = machine;
    const never = scheduler.createEvent('notification', false);
    thread('sleeper', async () => {
      await scheduler.waitForEvent(never, reason, 1_000n);
      log.push(`slept until ${clock.elapsed_100ns}`);
    });
    thread('busy', async () => {
      for (let turn = 0; turn < 3; turn += 1) await scheduler.yieldToOthers();
      log.push(`busy until ${clock.elapsed_100ns}`);
    });
    await scheduler.run();
    expect(log).toEqual(['busy until 0', 'slept until 1000']);
  });

  test('a wait without time is a look', async () => {
    const { machine, log, thread } = bench();
    const { scheduler } = machine;
    thread('a', async () => {
      const event = scheduler.createEvent('synchronization', true);
      for (let turn = 0; turn < 2; turn += 1) {
        log.push(await scheduler.waitForEvent(event, reason, 0n));
      }
    });
    await scheduler.run();
    expect(log).toEqual(['signalled', 'timeout']);
  });
});

describe('kernel APCs', () => {
  interface Row {
    readonly state: string;
    readonly set: Partial<Pick<ThreadRecord, 'irql' | 'criticalRegions' | 'guardedRegions'>>;
    readonly special: boolean;
    readonly normal: boolean;
  }
  const rows: readonly Row[] = [
    { state: 'PASSIVE_LEVEL', set: {}, special: true, normal: true },
    { state: 'a critical region', set: { criticalRegions: 1 }, special: true, normal: false },
    { state: 'a guarded region', set: { guardedRegions: 2 }, special: false, normal: false },
    { state: 'APC_LEVEL', set: { irql: Irql.APC_LEVEL }, special: false, normal: false },
  ];
  test.each(rows)('$state: special $special, normal $normal', async (row) => {
    const { machine, log, thread, apc } = bench();
    const { scheduler } = machine;
    const never = scheduler.createEvent('notification', false);
    const waiter = thread('waiter', async () => {
      Object.assign(waiter, row.set);
      await scheduler.waitForEvent(never, reason, 1_000n);
      log.push('woke');
    });
    thread('sender', async () => {
      scheduler.queueApc(waiter, apc('normal', 'normal'));
      scheduler.queueApc(waiter, apc('special', 'special'));
    });
    await scheduler.run();
    const delivered = [row.special && 'special', row.normal && 'normal', 'woke'].filter(Boolean);
    expect(log, 'special kernel APCs go first').toEqual(delivered);
    expect(waiter.apcQueue.map((one) => one.what)).toEqual(
      [!row.special && 'special', !row.normal && 'normal'].filter(Boolean),
    );
  });

  test('an APC may block, and the wait that it interrupted goes on afterwards', async () => {
    const { machine, log, thread } = bench();
    const { scheduler } = machine;
    const outer = scheduler.createEvent('notification', false);
    const inner = scheduler.createEvent('notification', false);
    const waiter = thread('waiter', async () => {
      await scheduler.waitForEvent(outer, reason);
      log.push(`outer at IRQL ${waiter.irql}`);
    });
    thread('sender', async () => {
      const routine = async (): Promise<void> => {
        await scheduler.waitForEvent(inner, reason);
        log.push(`inner at IRQL ${waiter.irql}`);
      };
      scheduler.queueApc(waiter, { kind: 'special', what: 'blocking', routine });
      await scheduler.yieldToOthers();
      outer.set();
      inner.set();
    });
    await scheduler.run();
    expect(log).toEqual(['inner at IRQL 1', 'outer at IRQL 0']);
  });
});

describe('hangs', () => {
  test('the wait graph names thread, event, pending APC and what holds it back', async () => {
    const { machine, thread, apc } = bench();
    const { scheduler } = machine;
    const event = scheduler.createEvent('notification', false);
    const reader = thread('reader', async () => {
      reader.guardedRegions = 1;
      reader.step = 's1';
      await scheduler.waitForEvent(event, { kind: 'request', what: 'IRP_MJ_READ of IRP 0x10' });
    });
    thread('completer', async () =>
      scheduler.queueApc(reader, apc('special', 'completion of IRP 0x10')),
    );
    expect(await scheduler.run()).toEqual({
      kind: 'hang',
      waitGraph: [
        'p/reader (step s1) waits for request: IRP_MJ_READ of IRP 0x10; special kernel APC ' +
          'pending (completion of IRP 0x10), not delivered: inside a guarded region',
      ],
    });
  });

  test('two resources taken in opposite order are a deadlock with its circle', async () => {
    const { machine, thread } = bench();
    const { scheduler } = machine;
    const [first, second] = [machine.createResource(), machine.createResource()];
    const take = (one: typeof first, other: typeof first) => async (): Promise<void> => {
      await one.acquire('exclusive', true);
      await scheduler.yieldToOthers();
      await other.acquire('exclusive', true);
    };
    thread('a', take(first, second));
    thread('b', take(second, first));
    const end = await scheduler.run();
    const hex = (resource: typeof first): string => `0x${resource.address.toString(16)}`;
    expect(end).toEqual({
      kind: 'hang',
      waitGraph: [
        `p/a waits for resource: ERESOURCE ${hex(second)}, exclusive; held by p/b`,
        `p/b waits for resource: ERESOURCE ${hex(first)}, exclusive; held by p/a`,
        'deadlock: p/a → p/b → p/a',
      ],
    });
  });

  test('a poller does not hide that nothing happens', async () => {
    const { machine, thread } = bench();
    const { scheduler } = machine;
    const never = scheduler.createEvent('notification', false);
    thread('poller', async () => {
      for (;;) await scheduler.waitForEvent(never, { kind: 'event', what: 'a delay' }, 10n);
    });
    expect(await scheduler.run()).toEqual({
      kind: 'hang',
      waitGraph: ['p/poller waits for event: a delay'],
    });
  });

  test('fuel that is used up is a hang, with the threads that wait', async () => {
    const { machine, thread } = bench();
    const never = machine.scheduler.createEvent('notification', false);
    thread('a', async () => void (await machine.scheduler.waitForEvent(never, reason)));
    thread('b', async () => {
      throw new HangSignal(['p/b runs on without end']);
    });
    await expect(machine.scheduler.run()).rejects.toMatchObject({
      lines: ['p/b runs on without end', 'p/a waits for event: the test event'],
    });
  });
});

test('an error of a thread ends the run, and no other thread goes on', async () => {
  const { machine, log, thread } = bench();
  thread('a', async () => {
    throw new NotModelledSignal('NtSomething');
  });
  thread('b', async () => void log.push('b'));
  await expect(machine.scheduler.run()).rejects.toThrow('not modelled: NtSomething');
  expect(log).toEqual([]);
});

describe('resources', () => {
  test('shared owners share, an exclusive waiter goes before later shared ones', async () => {
    const { machine, log, thread } = bench();
    const { scheduler } = machine;
    const resource = machine.createResource();
    const user = (name: string, how: 'exclusive' | 'shared') => {
      const self = thread(name, async () => {
        await resource.acquire(how, true);
        log.push(`${name} in`);
        await scheduler.yieldToOthers();
        await scheduler.yieldToOthers();
        log.push(`${name} out`);
        resource.release(self);
      });
    };
    user('r1', 'shared');
    user('r2', 'shared');
    user('w', 'exclusive');
    user('r3', 'shared');
    await scheduler.run();
    expect(log).toEqual(['r1 in', 'r2 in', 'r1 out', 'r2 out', 'w in', 'w out', 'r3 in', 'r3 out']);
  });

  test('it is recursive, and released by its owner only', async () => {
    const { machine, thread } = bench();
    const resource = machine.createResource();
    const self = thread('a', async () => {
      await resource.acquire('exclusive', true);
      await resource.acquire('shared', true);
      resource.release(self);
      expect(resource.owners.get(self)).toBe(1);
      resource.release(self);
      resource.release(self);
    });
    await expect(machine.scheduler.run()).rejects.toMatchObject({ code: 0xe3 });
  });
});

test('work items run on workers, which do not keep the simulation going', async () => {
  const { machine, log, thread } = bench();
  const { scheduler, workQueue } = machine;
  const done = scheduler.createEvent('notification', false);
  thread('a', async () => {
    workQueue.queue('first', async () => {
      log.push(`first on ${scheduler.current.name}`);
      await scheduler.waitForEvent(done, reason);
      log.push('first done');
    });
    workQueue.queue('second', () => {
      log.push(`second on ${scheduler.current.name}`);
      done.set();
    });
    for (let turn = 0; turn < 3; turn += 1) await scheduler.yieldToOthers();
  });
  expect(await scheduler.run()).toEqual({ kind: 'completed' });
  expect(log).toEqual(['first on System/worker-1', 'second on System/worker-2', 'first done']);
});

describe('schedules', () => {
  const order = async (seed: number): Promise<string> => {
    const { machine, log, thread } = bench(seed);
    for (const name of ['a', 'b', 'c', 'd']) {
      thread(name, async () => {
        for (let turn = 0; turn < 4; turn += 1) {
          log.push(name);
          await machine.scheduler.yieldToOthers();
        }
      });
    }
    await machine.scheduler.run();
    return log.join('');
  };

  test('the plain schedule is first come, first served', async () => {
    expect(await order(0)).toBe('abcdabcdabcdabcd');
  });

  test('a seed gives one schedule, other seeds give others', async () => {
    const schedules = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const once = await order(seed);
      expect(await order(seed), `seed ${seed}`).toBe(once);
      schedules.add(once);
    }
    expect(schedules.size).toBeGreaterThan(15);
  });
});

test('the switch hook is called right before each thread goes on', async () => {
  const { machine, log, thread } = bench();
  const { scheduler } = machine;
  scheduler.onSwitch((to) => log.push(`to ${to.name}`));
  for (const name of ['a', 'b']) {
    thread(name, async () => {
      log.push(`${name} 1`);
      await scheduler.yieldToOthers();
      log.push(`${name} 2`);
    });
  }
  await scheduler.run();
  expect(log).toEqual(['to p/a', 'a 1', 'to p/b', 'b 1', 'to p/a', 'a 2', 'to p/b', 'b 2']);
});
