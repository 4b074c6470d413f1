// Goal: a request goes down, comes up and reaches its caller as on Windows, however the driver below
// completes it. Method: a file system that does what the row says; the caller's side is checked.
import { describe, expect, test } from 'vitest';
import { BugCheck, IrpMajor, NtStatus, ntStatusName } from '../../contract/windows/index.ts';
import type { MaybeLater } from '../kernel/later.ts';
import { bench, type Bench } from './testing/fakeVolume.ts';
import { newIosb, ntClose, ntCreateFile, ntReadFile } from './index.ts';
import type { Irp } from './irp.ts';
import { currentStackLocation } from './irp.ts';
import { ntNotifyChangeDirectoryFile } from './services/directoryServices.ts';
import { ntQueryInformationFile, ntSetInformationFile } from './services/informationServices.ts';
import { ntFlushBuffersFile, ntWriteFile } from './services/readWrite.ts';

const SYNC = 0x20;
const READ_WRITE = 0x100003;

export async function open(
  { services }: Bench,
  options: number,
  path = '\\??\\C:\\f',
): Promise<number> {
  const { handle } = await ntCreateFile(services, {
    object: { name: path, root: null, caseSensitive: false },
    desiredAccess: READ_WRITE | 0x10180,
    shareAccess: 7,
    disposition: 1,
    options,
    fileAttributes: 0,
    allocationSize: 0,
    iosb: newIosb(),
  });
  return handle;
}

interface Seen {
  returned: string;
  iosb: string;
  event: boolean;
}

/** Reads 4 bytes and says what the caller sees right after the call. */
async function read(on: Bench, handle: number): Promise<Seen & { now(): Seen }> {
  const iosb = newIosb();
  const event = on.machine.scheduler.createEvent('notification', true);
  const buffer = on.machine.user.allocate(on.process, 4);
  const status = await ntReadFile(on.services, {
    handle,
    iosb,
    event,
    buffer,
    length: 4,
    offset: 0,
  });
  const now = (): Seen => ({
    returned: ntStatusName(status),
    iosb: iosb.written ? `${ntStatusName(iosb.status)} ${iosb.information}` : 'unchanged',
    event: event.signalled,
  });
  return { ...now(), now };
}

describe('the result of a read', () => {
  interface Row {
    readonly handle: 'synchronous' | 'asynchronous';
    readonly driver: 'inline' | 'pends';
    readonly status: NtStatus;
    readonly after: string;
    readonly later: string;
  }
  const { STATUS_SUCCESS, STATUS_END_OF_FILE, STATUS_BUFFER_OVERFLOW } = NtStatus;
  const rows: readonly Row[] = [
    {
      handle: 'synchronous',
      driver: 'inline',
      status: STATUS_SUCCESS,
      after: 'STATUS_SUCCESS, STATUS_SUCCESS 4, signalled',
      later: 'the same',
    },
    {
      handle: 'synchronous',
      driver: 'pends',
      status: STATUS_SUCCESS,
      after: 'STATUS_SUCCESS, STATUS_SUCCESS 4, signalled',
      later: 'the same',
    },
    {
      handle: 'synchronous',
      driver: 'inline',
      status: STATUS_END_OF_FILE,
      after: 'STATUS_END_OF_FILE, unchanged, reset',
      later: 'the same',
    },
    {
      handle: 'synchronous',
      driver: 'pends',
      status: STATUS_END_OF_FILE,
      after: 'STATUS_END_OF_FILE, unchanged, reset',
      later: 'the same',
    },
    {
      handle: 'asynchronous',
      driver: 'inline',
      status: STATUS_SUCCESS,
      after: 'STATUS_SUCCESS, STATUS_SUCCESS 4, signalled',
      later: 'the same',
    },
    {
      handle: 'asynchronous',
      driver: 'inline',
      status: STATUS_END_OF_FILE,
      after: 'STATUS_END_OF_FILE, unchanged, reset',
      later: 'the same',
    },
    {
      handle: 'asynchronous',
      driver: 'pends',
      status: STATUS_SUCCESS,
      after: 'STATUS_PENDING, unchanged, reset',
      later: 'STATUS_PENDING, STATUS_SUCCESS 4, signalled',
    },
    {
      handle: 'asynchronous',
      driver: 'pends',
      status: STATUS_END_OF_FILE,
      after: 'STATUS_PENDING, unchanged, reset',
      later: 'STATUS_PENDING, STATUS_END_OF_FILE 4, signalled',
    },
    {
      handle: 'asynchronous',
      driver: 'inline',
      status: STATUS_BUFFER_OVERFLOW,
      after: 'STATUS_BUFFER_OVERFLOW, STATUS_BUFFER_OVERFLOW 4, signalled',
      later: 'the same',
    },
  ];
  const words = ({ returned, iosb, event }: Seen): string =>
    `${returned}, ${iosb}, ${event ? 'signalled' : 'reset'}`;

  test.each(rows)('$handle handle, driver $driver, $after', async (row) => {
    const on = bench();
    on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
      if (row.driver === 'inline') return on.complete(irp, row.status, 4);
      on.io.markPending(irp);
      on.machine.workQueue.queue('read', async () => void (await on.complete(irp, row.status, 4)));
      return NtStatus.STATUS_PENDING;
    });
    const end = await on.run(async () => {
      const handle = await open(on, row.handle === 'synchronous' ? SYNC : 0);
      const seen = await read(on, handle);
      expect(words(seen)).toBe(row.after);
      await on.machine.scheduler.yieldToOthers();
      await on.machine.scheduler.yieldToOthers();
      expect(words(seen.now())).toBe(row.later === 'the same' ? row.after : row.later);
    });
    expect(end).toEqual({ kind: 'completed' });
  });
});

describe('synchronous I/O below which APCs are held back (R-SECTION-16)', () => {
  interface Row {
    readonly held: string;
    readonly set: object;
    readonly driver: 'inline' | 'pends';
    readonly hangs: boolean;
  }
  const rows: readonly Row[] = [
    { held: 'a guarded region', set: { guardedRegions: 1 }, driver: 'pends', hangs: true },
    { held: 'APC_LEVEL', set: { irql: 1 }, driver: 'pends', hangs: true },
    { held: 'a critical region', set: { criticalRegions: 1 }, driver: 'pends', hangs: false },
    { held: 'a guarded region', set: { guardedRegions: 1 }, driver: 'inline', hangs: false },
  ];
  test.each(rows)('$held, driver $driver: hangs $hangs', async ({ set, driver, hangs }) => {
    const on = bench();
    on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
      if (driver === 'inline') return on.complete(irp, NtStatus.STATUS_SUCCESS, 4);
      on.io.markPending(irp);
      on.machine.workQueue.queue('read', async () => void (await on.complete(irp, 0, 4)));
      return NtStatus.STATUS_PENDING;
    });
    const end = await on.run(async () => {
      const handle = await open(on, SYNC);
      Object.assign(on.machine.scheduler.current, set);
      await read(on, handle);
    });
    expect(end.kind).toBe(hangs ? 'hang' : 'completed');
    if (end.kind === 'hang') {
      expect(end.waitGraph.join()).toMatch(
        /^p\/t1 waits for request: completion of IRP_MJ_READ of C:\\f \(IRP 0x\w+\); special kernel APC pending \(completion of IRP 0x\w+\), not delivered: (inside a guarded region|IRQL is APC_LEVEL); in nt!IopSynchronousServiceTail$/,
      );
    }
  });
});

test('one request at a time on a synchronous file object; closing waits too', async () => {
  const on = bench();
  const irps: Irp[] = [];
  on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
    irps.push(irp);
    on.io.markPending(irp);
    return NtStatus.STATUS_PENDING;
  });
  let handle = 0;
  const order: string[] = [];
  const end = await on.run(
    async () => {
      handle = await open(on, SYNC);
      await read(on, handle);
      order.push('first read');
    },
    async () => {
      await read(on, handle);
      order.push('second read');
    },
    async () => {
      await ntClose(on.services, handle);
      order.push('close');
    },
    async () => {
      expect(irps.length, 'the second one has not been sent').toBe(1);
      await on.complete(irps[0] as Irp, NtStatus.STATUS_SUCCESS, 0);
      await on.machine.scheduler.yieldToOthers();
      await on.machine.scheduler.yieldToOthers();
      await on.complete(irps[1] as Irp, NtStatus.STATUS_SUCCESS, 0);
    },
  );
  expect(end).toEqual({ kind: 'completed' });
  expect(order).toEqual(['first read', 'second read', 'close']);
});

describe('IRP flags, and what else a driver sees', () => {
  const rows: readonly [
    string,
    number,
    (on: Bench, handle: number) => MaybeLater<unknown>,
    string,
  ][] = [
    ['create', IrpMajor.IRP_MJ_CREATE, (on) => open(on, 0), '0x884'],
    ['read', IrpMajor.IRP_MJ_READ, (on, handle) => read(on, handle), '0x60900'],
    [
      'write',
      IrpMajor.IRP_MJ_WRITE,
      (on, handle) => ntWriteFile(on.services, { ...io(on, handle), offset: 0 }),
      '0x60a00',
    ],
    [
      'notify',
      IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
      (on, handle) =>
        ntNotifyChangeDirectoryFile(on.services, {
          ...io(on, handle),
          completionFilter: 1,
          watchTree: false,
        }),
      '0x60000',
    ],
    [
      'query information',
      IrpMajor.IRP_MJ_QUERY_INFORMATION,
      (on, handle) =>
        ntQueryInformationFile(on.services, { ...io(on, handle), fileInformationClass: 4 }),
      '0x60874',
    ],
    [
      'set information',
      IrpMajor.IRP_MJ_SET_INFORMATION,
      (on, handle) =>
        ntSetInformationFile(on.services, { ...io(on, handle), fileInformationClass: 4 }),
      '0x60834',
    ],
    [
      'flush',
      IrpMajor.IRP_MJ_FLUSH_BUFFERS,
      (on, handle) => ntFlushBuffersFile(on.services, io(on, handle)),
      '0x60004',
    ],
    ['cleanup', IrpMajor.IRP_MJ_CLEANUP, (on, handle) => ntClose(on.services, handle), '0x404'],
    ['close', IrpMajor.IRP_MJ_CLOSE, (on, handle) => ntClose(on.services, handle), '0x404'],
  ];
  const io = (on: Bench, handle: number) => ({
    handle,
    iosb: newIosb(),
    event: null,
    buffer: on.machine.user.allocate(on.process, 40),
    length: 40,
  });

  test.each(rows)('%s', async (_title, major, service, expected) => {
    const seen: number[] = [];
    const watch = async (profile: 'win7' | 'winxp'): Promise<void> => {
      const on = bench(profile);
      on.on.set(major, (_device, irp) => {
        seen.push(irp.flags);
        return on.complete(irp, NtStatus.STATUS_SUCCESS, 1);
      });
      await on.run(async () => void (await service(on, await open(on, 0))));
    };
    await watch('win7');
    expect(`0x${seen.at(-1)?.toString(16)}`).toBe(expected);
    await watch('winxp');
    // The priority hint is Vista's (R-IO-22); the rest is the same.
    expect(seen.at(-1)).toBe((seen[0] as number) & 0xffff);
  });
});

describe('buffers', () => {
  const rows: readonly [string, number, string][] = [
    ['neither', 0, 'user'],
    ['buffered', 4, 'system'],
    ['direct', 0x10, 'mdl'],
  ];
  test.each(rows)('%s: the data arrives', async (_title, ioFlags, where) => {
    const on = bench('win7', ioFlags);
    let found = '';
    on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
      const address = irp.mdl?.address ?? (irp.systemBuffer || irp.userBuffer);
      found = irp.mdl !== null ? 'mdl' : irp.systemBuffer !== 0 ? 'system' : 'user';
      on.machine.memory.bytes(address, 4).set([1, 2, 3, 4]);
      return on.complete(irp, NtStatus.STATUS_SUCCESS, 4);
    });
    await on.run(async () => {
      const handle = await open(on, SYNC);
      const buffer = on.machine.user.allocate(on.process, 4);
      const args = { handle, iosb: newIosb(), event: null, buffer, length: 4, offset: 0 };
      await ntReadFile(on.services, args);
      expect([...on.machine.memory.bytes(buffer, 4)]).toEqual([1, 2, 3, 4]);
      await ntClose(on.services, handle);
    });
    expect(found).toBe(where);
    const left = on.machine.pool.ownedBy('system').map((block) => block.tag);
    expect(
      left.filter((tag) => tag === 'Io  ' || tag === 'Mdl '),
      'nothing is left',
    ).toEqual([]);
  });

  test('an error copies nothing', async () => {
    const on = bench('win7', 4);
    on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
      on.machine.memory.bytes(irp.systemBuffer, 4).fill(9);
      return on.complete(irp, NtStatus.STATUS_END_OF_FILE, 4);
    });
    await on.run(async () => {
      const handle = await open(on, SYNC);
      const buffer = on.machine.user.allocate(on.process, 4);
      const args = { handle, iosb: newIosb(), event: null, buffer, length: 4, offset: 0 };
      await ntReadFile(on.services, args);
      expect([...on.machine.memory.bytes(buffer, 4)]).toEqual([0, 0, 0, 0]);
    });
  });
});

describe('the stack', () => {
  test('completion routines run from the bottom up; pending is passed on', async () => {
    const on = bench();
    const log: string[] = [];
    for (const name of ['lower', 'upper']) {
      const device = on.attach((_device, irp) => {
        on.io.copyToNext(irp);
        on.io.setCompletionRoutine(irp, (done) => {
          log.push(`${name} sees pending ${done.pendingReturned}`);
          if (done.pendingReturned) on.io.markPending(done);
          return 'continue';
        });
        return on.io.callDriver(device.lower as typeof device, irp);
      });
    }
    on.on.set(IrpMajor.IRP_MJ_READ, (_device, irp) => {
      on.io.markPending(irp);
      on.machine.workQueue.queue('read', async () => void (await on.complete(irp, 0, 4)));
      return NtStatus.STATUS_PENDING;
    });
    await on.run(async () => {
      const handle = await open(on, SYNC);
      log.length = 0;
      expect((await read(on, handle)).returned).toBe('STATUS_SUCCESS');
    });
    expect(log).toEqual(['lower sees pending true', 'upper sees pending true']);
  });

  test('a request that is taken back is completed by whoever took it', async () => {
    const on = bench();
    const taken: Irp[] = [];
    const device = on.attach((_device, irp) => {
      if (currentStackLocation(irp).majorFunction !== IrpMajor.IRP_MJ_READ) {
        on.io.skipCurrentLocation(irp);
        return on.io.callDriver(device.lower as typeof device, irp);
      }
      on.io.markPending(irp);
      on.io.copyToNext(irp);
      on.io.setCompletionRoutine(irp, (done) => {
        taken.push(done);
        return 'more-processing-required';
      });
      void on.io.callDriver(device.lower as typeof device, irp);
      return NtStatus.STATUS_PENDING;
    });
    const end = await on.run(async () => {
      const handle = await open(on, 0);
      const seen = await read(on, handle);
      expect(seen.returned).toBe('STATUS_PENDING');
      expect(seen.now().iosb).toBe('unchanged');
      await on.io.completeRequest(taken[0] as Irp);
      expect(seen.now().iosb).toBe('STATUS_SUCCESS 0');
    });
    expect(end).toEqual({ kind: 'completed' });
  });

  test('who changed the result on the way up is known', async () => {
    const on = bench();
    let changes = false;
    const device = on.attach((_device, irp) => {
      on.io.copyToNext(irp);
      on.io.setCompletionRoutine(irp, (done) => {
        if (changes) done.ioStatus.information += 1;
        return 'continue';
      });
      return on.io.callDriver(device.lower as typeof device, irp);
    });
    const told: boolean[] = [];
    await on.run(async () => {
      const handle = await open(on, SYNC);
      for (changes of [false, true]) {
        await ntReadFile(on.services, {
          handle,
          iosb: newIosb(),
          event: null,
          buffer: 0,
          length: 0,
          offset: 0,
          onDelivered: (changedAbove) => told.push(changedAbove),
        });
      }
    });
    expect(told).toEqual([false, true]);
  });

  test('calling down with no location left is bugcheck 0x35 (R-IO-23)', async () => {
    const on = bench();
    const device = on.attach((_device, irp) => {
      on.io.copyToNext(irp);
      irp.currentLocation -= 1;
      return on.io.callDriver(device.lower as typeof device, irp);
    });
    const running = on.run(async () => void (await open(on, 0)));
    await expect(running).rejects.toMatchObject({ code: BugCheck.NO_MORE_IRP_STACK_LOCATIONS });
  });

  test('completing twice is bugcheck 0x44', async () => {
    const on = bench();
    on.on.set(IrpMajor.IRP_MJ_CREATE, async (_device, irp) => {
      await on.complete(irp, NtStatus.STATUS_SUCCESS);
      return on.complete(irp, NtStatus.STATUS_SUCCESS);
    });
    await expect(on.run(async () => void (await open(on, 0)))).rejects.toMatchObject({
      code: 0x44,
    });
  });
});
