// Goal: every command answers; what cannot be done is told in kd's words and never ends the session; time
// goes both ways and leads to the same machine.
// Method: one session over dirnotify on Windows 7, standing in its post-operation; tables of commands.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disposePredictor } from '../predict/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../samples/samples.ts';
import { openKdSession, type KdSession } from './index.ts';

let session: KdSession;

beforeAll(async () => {
  const sample = await loadSample('dirnotify');
  const variant = pickVariant(sample, undefined);
  const workload = (await loadWorkload(sample, variant, undefined)).expanded;
  session = await openKdSession({ sample, variant, workload, profile: 'win7', seed: 0 });
});
afterAll(disposePredictor);

const POST = 'dirnotify!DirNotifyPostDirectoryControl';
const atPost = async (): Promise<void> => {
  await session.execute(`!tt start; bc *`);
  await session.execute(`bp ${POST}; g; bc *`);
};
const run = async (line: string): Promise<string> => (await session.execute(line)).text;

describe('what is refused, in the words of kd', () => {
  beforeAll(atPost);
  test.each([
    ['nonsense', /^Couldn't resolve error at 'nonsense'/],
    ['!nosuch', /^Couldn't resolve error at '!nosuch'/],
    ['dt nt!_NOSUCH', /^Symbol nt!_NOSUCH not found\.$/m],
    ['dt', /^Syntax error at ''/],
    ['dt 0 nt!_IRP', /^Cannot read Memory address 0x00000000/],
    ['dt nt!_IRP NoSuchField', /^Cannot find specified field members\./],
    ['dt nt!_IRP Flags.Deeper', /^Type does not have given member error at 'Deeper'/],
    ['?? NoSuchVariable', /^Couldn't resolve error at 'NoSuchVariable'/],
    ['?? Data->NoSuchMember', /^Type does not have given member error at 'NoSuchMember'/],
    ['?? Data +', /^Syntax error at ''/],
    ['?? (1', /^Syntax error at ''/],
    ['?? 1 2', /^Extra character error at '2'/],
    ['?? 1/0', /^Operand error/],
    ['?? *Flags', /^Type is not a pointer error/],
    ['? nt!NoSuchRoutine', /^Couldn't resolve error at 'nt!NoSuchRoutine'/],
    ['? @@(', /^Syntax error/],
    ['? poi(0)', /^Memory access error at '00000000'/],
    ['? @esi', /^Bad register error at '@esi'/],
    ['r', /^No registers/],
    ['u .', /^No code to disassemble/],
    ['uf nt!NtReadFile', /^No code to disassemble/],
    ['bp nt!NoSuchRoutine', /^Couldn't resolve error at 'nt!NoSuchRoutine'/],
    ['bp nosuch.c:1', /^Couldn't resolve error at 'nosuch\.c:1'/],
    ['bc 7', /^Breakpoint 7 does not exist/],
    ['bc', /^Syntax error/],
    ['dp', /^Syntax error/],
    ['dd 0 L99999', /^Range error/],
    ['!devstack 12', /^00000012: is not a device object/],
    ['!irp 12', /^IRP signature does not match/],
    ['!thread 12', /^00000012 is not a thread object/],
    ['!fltkd.cbd 12', /no FLT_CALLBACK_DATA/],
    ['.filter 12', /is not an FLT_FILTER/],
    ['.instance 12', /is not an FLT_INSTANCE/],
    ['.volume 12', /is not an FLT_VOLUME/],
    ['!pool 12', /is not valid pool/],
    ['.effmach arm', /^No such machine: arm/],
    ['.thread 12', /is not a thread object/],
    ['!tt 99999', /^There is no event 99999: the trace has events 0 to \d+\./],
    ['!tt 1:ffffff', /^There is no position/],
    ['!tt what', /^Syntax error/],
    ['kn zz', /^Syntax error/],
  ])('%s', async (command, answer) => {
    const { text, failed } = await session.execute(command);
    expect([failed, text]).toEqual([true, expect.stringMatching(answer)]);
    expect(await run('? 1')).toBe('Evaluate expression: 1 = 00000001\n');
  });
});

describe('what is answered', () => {
  beforeAll(atPost);
  test.each([
    ['k L1', /^ChildEBP RetAddr {2}\n[0-9a-f]{8} [0-9a-f]{8} dirnotify!DirNotifyPost/],
    ['kc L2', /^dirnotify!DirNotifyPost\S+\nfltmgr!FltpPerformPostCallbacks/],
    ['kb L1', /Args to Child/],
    ['kv L1', /\(CONV: stdcall\)/],
    ['?? Data->IoStatus.Information', /^unsigned long 0x12$/m],
    ['?? Data->IoStatus.Status', /^long 0n0$/m],
    ['?? Data->Iopb->Parameters.DirectoryControl.NotifyDirectory.Length', /^unsigned long 0x800$/m],
    ['?? Data->Iopb->MajorFunction == 12 && Flags == 0', /^bool true$/m],
    ['?? sizeof(fltmgr!_FLT_CALLBACK_DATA)', /0x2c/],
    ['?? ((nt!_FILE_OBJECT *)FltObjects->FileObject)->FileName', /_UNICODE_STRING/],
    ['dt @@(FltObjects->FileObject) nt!_FILE_OBJECT FileName', / "\\w"$/m],
    ['dt Data Flags', /^Local var @ 0x[0-9a-f]{8} Type _FLT_CALLBACK_DATA\*\n/],
    ['dt -r1 nt!_KEVENT', /\+0x000 Header {10} : _DISPATCHER_HEADER\n {6}\+0x000 Type/],
    ['dt fltmgr!*FLT_IO*', /fltmgr!_FLT_IO_PARAMETER_BLOCK/],
    ['dt nt!_KTHREAD', /\+0x084 KernelApcDisable : Int2B/],
    ['dv', /Data = 0x[0-9a-f]{8} _FLT_CALLBACK_DATA/],
    ['? 10 + 0n10', /= 0000001a$/m],
    ['? @@(Data) - @@(Data)', /= 00000000$/m],
    ['x dirnotify!DirNotifyPost*', /dirnotify!DirNotifyPostDirectoryControl/],
    ['ln dirnotify!DriverEntry', /dirnotify!DriverEntry/],
    [
      '!devstack @@(((fltmgr!_FLT_VOLUME *)FltObjects->Volume)->DeviceObject)',
      /^> [0-9a-f]{8} {2}\\FileSystem\\FltMgr/m,
    ],
    ['!devobj @@(((fltmgr!_FLT_VOLUME *)FltObjects->Volume)->DeviceObject)', /DriverObject/],
    ['!drvobj Ntfs', /\\FileSystem\\Ntfs/],
    ['!fileobj @@(FltObjects->FileObject)', /^\\w$/m],
    ['!thread', /^THREAD [0-9a-f]{8} {2}Cid .* RUNNING on processor 0$/m],
    ['!process 0 0', /Image: explorer/],
    ['!apc', /^\*\*\* Enumerating APCs in all processes/],
    ['!locks', /^\*\*\*\* DUMP OF ALL RESOURCE OBJECTS/],
    ['!pool @@(Data)', /\*FMic\n\t\tPooltag FMic/],
    ['!analyze -v', /no bug check has occurred/],
    ['!fltkd.filters', /FLT_FILTER: [0-9a-f]{8} "FileInfo" "45000"\n {6}FLT_INSTANCE/],
    ['.filter @@(FltObjects->Filter)', /FLT_FILTER: [0-9a-f]{8} "dirnotify" "370030"/],
    [
      '.instance @@(FltObjects->Instance)',
      /FLT_INSTANCE: [0-9a-f]{8} "dirnotify Instance" "370030"/,
    ],
    ['.volume @@(FltObjects->Volume)', /FLT_FSTYPE_NTFS/],
    ['.volumes', /FLT_VOLUME: [0-9a-f]{8} "\\Device\\HarddiskVolume2"/],
    ['.frames', /FLTP_FRAME: [0-9a-f]{8} "Frame 0"/],
    ['.help', /^Refused/m],
    ['* a remark', /^$/],
    ['? 1 // a remark', /^Evaluate expression: 1/],
  ])('%s', async (command, answer) => {
    const { text, failed } = await session.execute(command);
    expect([failed, text]).toEqual([false, expect.stringMatching(answer)]);
  });
});

describe('time', () => {
  test('every event can be gone to, and shows the machine as it was then', async () => {
    const { events } = session.stand;
    for (const event of [0, 5, 13, 15, 100, events - 1]) {
      const { text, position, failed } = await session.execute(`!tt ${event}`);
      expect(failed).toBe(false);
      expect(position).toEqual({ event, moments: 0 });
      expect(text).toContain(`Time Travel Position: ${event}:0`);
    }
  });

  test('forwards and back again is where one was', async () => {
    await atPost();
    const before = [session.stand, await run('kb; dd @@(Data) L20')];
    await run('p; p; t; p-; t-; g; g-');
    await atPost();
    expect([session.stand, await run('kb; dd @@(Data) L20')]).toEqual(before);
    await run('p');
    await run('p-');
    expect(session.stand).toEqual(before[0]);
  });

  test('p goes from statement to statement, t into functions, gu out of them', async () => {
    await atPost();
    const lineOf = (): number => session.stand.place?.line ?? 0;
    const first = lineOf();
    await run('t');
    const inside = session.stand.place;
    expect(inside?.file).not.toBe('');
    expect(await run('kc L2')).toContain(POST);
    await run('gu');
    await run('p');
    expect(lineOf()).toBeGreaterThan(first);
  });

  test('the ends of the trace are told, and left again', async () => {
    await run('bc *');
    expect(await run('g')).toMatch(/End of trace reached after \d+ events: completed\./);
    expect(await run('g')).toMatch(/^End of trace reached/);
    expect(await run('g-')).toMatch(/^Beginning of trace reached\.\nTime Travel Position: start:0/);
    expect(await run(`bp ${POST}; g`)).toMatch(/^Breakpoint 0 hit/);
    expect(await run('bd 0; g')).toMatch(/^End of trace/);
    expect(await run('be 0; g-')).toMatch(/^Breakpoint 0 hit/);
    await run('bc *');
  });

  test('a breakpoint at a line, on one thread only', async () => {
    await run('!tt start; bp newSystemBuffer.c:216; g');
    expect(session.stand.place).toMatchObject({ file: 'newSystemBuffer.c', line: 216 });
    await run('bc *; bp /t 12345 newSystemBuffer.c:216');
    expect(await run('g')).toMatch(/^End of trace/);
    await run('bc *');
  });
});
