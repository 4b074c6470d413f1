// Goal: what no workload can show: where the bytes of a completion go, and what becomes of requests
// that come from drivers.
// Method: requests made by hand on a machine without any volume, given to the list directly.
import { expect, test } from 'vitest';
import {
  FileAction,
  FileNotifyChange,
  IrpMajor,
  NtStatus,
} from '../../../contract/windows/index.ts';
import { topOfStack, type DeviceObject } from '../../io/deviceObject.ts';
import { IoCore } from '../../io/index.ts';
import type { Irp } from '../../io/irp.ts';
import { Machine } from '../../kernel/machine.ts';
import { PlainMemory } from '../../kernel/memory.ts';
import { profileOf } from '../../windows/profiles.ts';
import { NotifyList, type ChangeRequest } from './notifyList.ts';

const LENGTH = 0x100;
const FOO = '0000000001000000060000006600' + '6f006f00';
/** IRP_BUFFERED_IO | IRP_INPUT_OPERATION | IRP_DEALLOCATE_BUFFER. */
const NEW_SYSTEM_BUFFER = 0x70;

interface Bench {
  readonly machine: Machine;
  readonly io: IoCore;
  readonly list: NotifyList;
  request(more?: { userBuffer?: number; systemBuffer?: number }): Irp;
  ask(irp: Irp, more?: Partial<ChangeRequest>): Promise<NtStatus>;
  report(fullName: string): Promise<void>;
}

const hex = (machine: Machine, address: number): string =>
  Buffer.from(machine.memory.bytes(address, FOO.length / 2)).toString('hex');

/** Runs `body` on a simulated thread. */
async function onBench(body: (bench: Bench) => Promise<void>): Promise<void> {
  const machine = new Machine({
    profile: profileOf('win7'),
    memory: new PlainMemory(),
    seed: 0,
    onEvent: () => undefined,
    gradeOf: () => undefined,
  });
  const io = new IoCore(machine);
  const driver = { name: 'bench', dispatch: new Map(), fastIo: null };
  const device: DeviceObject = {
    address: io.allocateObject('device', 0xb8),
    name: '',
    driver,
    stackSize: 1,
    lower: null,
    attached: null,
    volume: null,
  };
  const list = new NotifyList(machine, io);
  const handle = {};
  const bench: Bench = {
    machine,
    io,
    list,
    request(more = {}) {
      const irp = io.allocateIrp(topOfStack(device), {
        majorFunction: IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
        parameters: { kind: 'notify-directory', length: LENGTH, completionFilter: 1 },
        fileObject: null,
        requestorMode: 'kernel',
        ...more,
      });
      irp.currentLocation = 1;
      return irp;
    },
    ask: (irp, more = {}) =>
      list.changeDirectory({
        irp,
        handle,
        directoryName: () => '\\D',
        completionFilter: FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME,
        watchTree: true,
        traverseCheck: null,
        ...more,
      }),
    report: async (fullName) =>
      list.reportChange({
        fullName,
        nameOffset: fullName.lastIndexOf('\\') + 1,
        filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME,
        action: FileAction.FILE_ACTION_ADDED,
        rules: [],
      }),
  };
  let done = false;
  const process = machine.scheduler.createProcess('bench');
  machine.scheduler.createThread(process, 'bench', async () => {
    await body(bench);
    done = true;
  });
  await machine.scheduler.run();
  expect(done, 'the body came to its end').toBe(true);
}

test('a request that has waited gets a new system buffer of its own length (55)', () =>
  onBench(async ({ machine, request, ask, report }) => {
    const userBuffer = machine.user.allocate(machine.scheduler.current.process, LENGTH);
    const irp = request({ userBuffer });
    expect(await ask(irp)).toBe(NtStatus.STATUS_PENDING);
    await report('\\D\\foo');
    expect(irp).toMatchObject({
      completed: true,
      flags: NEW_SYSTEM_BUFFER,
      systemBufferLength: LENGTH,
    });
    expect(irp.ioStatus).toEqual({ status: NtStatus.STATUS_SUCCESS, information: 0x12 });
    expect(hex(machine, irp.systemBuffer)).toBe(FOO);
    expect(hex(machine, userBuffer), 'the I/O manager copies later').not.toBe(FOO);
  }));

test('what was kept goes straight to the caller in the call that asks for it (56)', () =>
  onBench(async ({ machine, request, ask, report, io }) => {
    const first = request();
    await ask(first);
    await io.cancelIrp(first);
    await report('\\D\\foo');
    const userBuffer = machine.user.allocate(machine.scheduler.current.process, LENGTH);
    const irp = request({ userBuffer });
    expect(await ask(irp), 'and yet it returns pending (8)').toBe(NtStatus.STATUS_PENDING);
    expect(irp).toMatchObject({ completed: true, flags: 0, systemBuffer: 0 });
    expect(hex(machine, userBuffer)).toBe(FOO);
  }));

test('another process\u2019s buffer is not touched, whoever sends the request on (55)', () =>
  onBench(async ({ machine, request, ask, report, io }) => {
    const first = request();
    await ask(first);
    await io.cancelIrp(first);
    await report('\\D\\foo');
    const stranger = machine.scheduler.createProcess('stranger');
    const userBuffer = machine.user.allocate(stranger, LENGTH);
    const irp = request({ userBuffer });
    await ask(irp);
    expect(irp).toMatchObject({ completed: true, flags: NEW_SYSTEM_BUFFER });
    expect(hex(machine, userBuffer)).not.toBe(FOO);
  }));

test('an MDL is used where there is one (60)', () =>
  onBench(async ({ machine, request, ask, report }) => {
    const address = machine.pool.allocate('nonpaged', LENGTH, 'Mdl ', 'system');
    const irp = request();
    irp.mdl = { address, length: LENGTH };
    await ask(irp);
    await report('\\D\\foo');
    expect(irp).toMatchObject({ completed: true, flags: 0, systemBuffer: 0 });
    expect(hex(machine, address)).toBe(FOO);
  }));

test('a system buffer that was there on the way down is written in place', () =>
  onBench(async ({ machine, request, ask, report }) => {
    const systemBuffer = machine.pool.allocate('nonpaged', LENGTH, 'Filt', 'a filter');
    const irp = request({ systemBuffer });
    await ask(irp);
    await report('\\D\\foo');
    expect(irp).toMatchObject({ completed: true, flags: 0, systemBuffer });
    expect(hex(machine, systemBuffer)).toBe(FOO);
  }));

test('a request that was cancelled on its way is not queued (49)', () =>
  onBench(async ({ request, ask }) => {
    const irp = request();
    irp.cancel = true;
    expect(await ask(irp)).toBe(NtStatus.STATUS_PENDING);
    expect(irp).toMatchObject({ completed: true });
    expect(irp.ioStatus.status).toBe(NtStatus.STATUS_CANCELLED);
  }));

test('who may not traverse hears nothing of what is deeper, and is not told why (53)', () =>
  onBench(async ({ request, ask, report }) => {
    const asked: string[] = [];
    const irp = request();
    const traverseCheck = (name: string): boolean => asked.push(name) > 1;
    await ask(irp, { traverseCheck });
    await report('\\D\\closed\\f');
    expect(irp.completed).toBe(false);
    await report('\\D\\open\\f');
    expect(irp.completed).toBe(true);
    expect(asked).toEqual(['\\D\\closed\\f', '\\D\\open\\f']);
  }));

test('a dismount ends every request of every handle (51)', () =>
  onBench(async ({ list, request, ask }) => {
    const irps = [request(), request()];
    for (const irp of irps) await ask(irp, { handle: irp });
    await list.cleanupAll();
    expect(irps.map((irp) => irp.ioStatus.status)).toEqual([
      NtStatus.STATUS_NOTIFY_CLEANUP,
      NtStatus.STATUS_NOTIFY_CLEANUP,
    ]);
    expect(list.isEmpty).toBe(true);
  }));

test('a completion may ask again at once: its change is not lost, the list not confused', () =>
  onBench(async ({ io, request, ask, report }) => {
    const again = request();
    const irp = request();
    const location = irp.stack[0];
    if (location === undefined) throw new RangeError('one location');
    location.control = 0xe0;
    location.completionRoutine = async () => {
      await ask(again);
      await report('\\D\\second');
      return 'continue' as const;
    };
    await ask(irp);
    await report('\\D\\first');
    expect([irp.completed, again.completed]).toEqual([true, true]);
    expect(again.ioStatus.information).toBe(12 + 2 * 'second'.length);
    expect(io.outstanding.size).toBe(0);
  }));
