// Goal: the debugger shows, for the same situation, what kd and its fltkd extension show: the same
// lines, fields, values and relations between addresses.
// Method: the commands of the transcripts that the samples come from, with names for addresses. What may
// differ, and why:
// - addresses, and offsets inside routines: there is no machine code;
// - the prompt: the simulated machine has one processor;
// - names of filter, callback and variables: those of our samples;
// - where kd shows an instruction at a stop, the debugger shows its position in time, the statement of
//   the driver or the routine of Windows;
// - u and r: refused, with the reason; what the transcript reads from code is told from the model;
// - completion contexts of Windows' own filters: the model has none, so they are NULL;
// - fields that a transcript leaves out of a structure, and unwritten arguments that happen to lie on a
//   real stack.
import { afterAll, describe, expect, test } from 'vitest';
import type { ProfileName } from '../../contract/profiles.ts';
import { disposePredictor } from '../predict/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../samples/samples.ts';
import { openKdSession } from './index.ts';
import { Transcript } from './testing/transcript.ts';

afterAll(disposePredictor);

async function kd(
  sampleName: string,
  profile: ProfileName,
  variantName?: string,
): Promise<Transcript> {
  const sample = await loadSample(sampleName);
  const variant = pickVariant(sample, variantName);
  const workload = (await loadWorkload(sample, variant, undefined)).expanded;
  return new Transcript(await openKdSession({ sample, variant, workload, profile, seed: 0 }));
}

const nothing = '00000000 00000000 00000000 00000000 00000000 0000000000000000';
const notify = '00000800 00000015 00000000 00000000 {buffer} 0000000000000000';

describe('dirnotify on Windows 7: the post-operation that finds a new system buffer', () => {
  test('!fltkd.cbd, and dt of the IRP and of the completion node', async () => {
    const at = await kd('dirnotify', 'win7');
    await at.expect('bp dirnotify!DirNotifyPostDirectoryControl');
    await at.expect(
      'g',
      'Breakpoint 0 hit',
      'Time Travel Position: {…}',
      'dirnotify!DirNotifyPostDirectoryControl+{+} [newSystemBuffer.c @ {…}]:',
      '>{…}',
    );
    await at.expect(
      '!fltkd.cbd @@(Data)',
      '',
      'IRP_CTRL: {ctrl}  DIRECTORY_CONTROL (12) [00180001] Irp PostOperation',
      'Flags                    : [10000004] DontCopyParms FixedAlloc',
      'Irp                      : {irp} ',
      'DeviceObject             : {device} "\\Device\\HarddiskVolume2"',
      'FileObject               : {file} ',
      'CompletionNodeStack      : {ctrl+b8}   Size=5  Next=1',
      'SyncEvent                : ({ctrl+10})',
      'InitiatingInstance       : 00000000 ',
      'SwappedBufferMdl         : 00000000 ',
      'CallbackData             : ({ctrl+60})',
      ' Flags                    : [00180001] Irp PostOperation +100000!!',
      ' Thread                   : {watcher} ',
      ' Iopb                     : {ctrl+d0} ',
      ' RequestorMode            : [01] UserMode',
      ' IoStatus.Status          : 0x00000000 ',
      ' IoStatus.Information     : 00000012 ',
      ' TagData                  : 00000000 ',
      ' FilterContext[0]         : 00000000 ',
      ' FilterContext[1]         : 00000000 ',
      ' FilterContext[2]         : 00000000 ',
      ' FilterContext[3]         : 00000000 ',
      '',
      '   Cmd     IrpFl   OpFl  CmpFl  Instance FileObjt Completion-Context  Node Adr',
      '--------- -------- ----- -----  -------- -------- ------------------  --------',
      ' [0,0]    00000000  00   0000   00000000 00000000 00000000-00000000   {ctrl+1d8}',
      `     Args: ${nothing}`,
      ' [0,0]    00000000  00   0000   00000000 00000000 00000000-00000000   {ctrl+190}',
      `     Args: ${nothing}`,
      ' [0,0]    00000000  00   0000   00000000 00000000 00000000-00000000   {ctrl+148}',
      `     Args: ${nothing}`,
      ' [12,2]   00060000  00   0000   {fileInfo} {file} {*}-00000000   {ctrl+100}',
      '            ("FileInfo","FileInfo")  fileinfo!FIPostOperationCommonCallback ',
      `     Args: ${notify}`,
      '>[12,2]   00060000  00   0000   {own} {file} {*}-00000000   {ctrl+b8}',
      '            ("dirnotify","dirnotify Instance")  dirnotify!DirNotifyPostDirectoryControl ',
      `     Args: ${notify}`,
      'Working IOPB:',
      '[12,2]   00060000  00          {fileInfo} {file}                     {ctrl+8c}',
      `     Args: ${notify}`,
    );
    await at.expect(
      'dt {irp} nt!_IRP AssociatedIrp.SystemBuffer',
      '   +0x00c AssociatedIrp              : ',
      '      +0x000 SystemBuffer               : 0x{system} Void',
    );
    await at.expect(
      'dt {ctrl}+b8 fltmgr!_COMPLETION_NODE DataSnapshot.Parameters.DirectoryControl.NotifyDirectory.',
      '   +0x018 DataSnapshot                                              : ',
      '      +0x010 Parameters                                                : ',
      '         +0x000 DirectoryControl                                          : ',
      '            +0x000 NotifyDirectory                                           : ',
      '               +0x000 Length                                                    : 0x800',
      '               +0x004 CompletionFilter                                          : 0x15',
      '               +0x008 Spare1                                                    : 0',
      '               +0x00c Spare2                                                    : 0',
      '               +0x010 DirectoryBuffer                                           : 0x{buffer} Void',
      '               +0x014 MdlAddress                                                : (null) ',
    );
    // The entries are in the system buffer, "foo" at FileName; the caller's buffer is another process's.
    await at.expect('du {system}+c L3', '{system+c}  "foo"');
    await at.expect('db {buffer} L4', '{buffer}  ?? ?? ?? ??{…}????');
    await at.expect('.thread {watcher}', 'Implicit thread is now {watcher} (explorer/watcher)');
    await at.expect('dd {buffer} L1', '{buffer}  00000000');
  });

  test('the same structures with the offsets of x64; an internal one is refused by name', async () => {
    const at = await kd('dirnotify', 'win7');
    await at.run('bp dirnotify!DirNotifyPostDirectoryControl; g');
    await at.run('.effmach amd64');
    await at.expect(
      'dt @@(Data) fltmgr!_FLT_CALLBACK_DATA Iopb->Parameters.DirectoryControl.NotifyDirectory.DirectoryBuffer',
      `   +0x010 ${'Iopb'.padEnd(65)} : `,
      `      +0x018 ${'Parameters'.padEnd(65)} : `,
      `         +0x000 ${'DirectoryControl'.padEnd(65)} : `,
      `            +0x000 ${'NotifyDirectory'.padEnd(65)} : `,
      `               +0x020 ${'DirectoryBuffer'.padEnd(65)} : 0x00000000\`{buffer} Void`,
    );
    await at.expect(
      'dt 1009650 nt!_IRP AssociatedIrp.SystemBuffer',
      '   +0x018 AssociatedIrp              : ',
      '      +0x000 SystemBuffer               : 0x00000000`{system} Void',
    );
    const refused = await at.run('dt fltmgr!_COMPLETION_NODE');
    expect(refused.join(' ')).toMatch(/^_COMPLETION_NODE has no public header/);
  });
});

describe('section-sync on Windows 7: the read that never comes back', () => {
  test('the stack, the IRP, the APC and what holds it back', async () => {
    const at = await kd('section-sync', 'win7', 'zw-read-pended');
    await at.expect(
      'g',
      'Nothing can run any more: the simulation hangs.',
      'Use !analyze -v to get detailed debugging information.',
    );
    const stack = await at.run('kv 9');
    const symbols = stack.slice(1).map((line) => line.split(' ').slice(5).join(' '));
    const shown = symbols.map((line) =>
      line.replace(/\+0x[0-9a-f]+/, '+{+}').replace(/@ [0-9a-f]{8}/, '@ {*}'),
    );
    expect(shown).toEqual([
      'nt!KiSwapContext+{+} (FPO: [Uses EBP] [0,0,4])',
      'nt!KiSwapThread+{+}',
      'nt!KiCommitThreadWait+{+}',
      'nt!KeWaitForSingleObject+{+}',
      'nt!IopSynchronousServiceTail+{+}',
      'nt!NtReadFile+{+}',
      'nt!KiFastCallEntry+{+} (FPO: [0,3] TrapFrame @ {*})',
      'nt!ZwReadFile+{+} (FPO: [9,0,0])',
      expect.stringMatching(
        /^sectionsync!SectionSyncReadReal\+\{\+\} \(CONV: stdcall\) \[zwRead\.c @ \d+\]$/,
      ),
    ]);
    // The advice of the thread: !apc; !thread for its IRPs; !irp of those; dt of the KTHREAD.
    const thread = await at.run('!thread');
    expect(thread[0]).toMatch(/WAIT: \(Executive\) KernelMode Non-Alertable$/);
    const irps = thread.filter((line) => /^ {4}[0-9a-f]{8}: \(0006,/.test(line));
    expect(irps).toHaveLength(2);
    const read = /[0-9a-f]{8}/.exec(irps[0] ?? '')?.[0] ?? '';
    // Completed: no location is current any more. It is its APC that has not run.
    expect(await at.run(`!irp ${read}`)).toContainEqual(expect.stringMatching(/^Irp is completed/));
    const apcs = await at.run('!apc');
    expect(apcs.join('\n')).toMatch(
      /KAPC @ [0-9a-f]{8}\n {6}Type {11}12\n {6}KernelRoutine {2}[0-9a-f]{8} nt!IopCompleteRequest/,
    );
    expect(apcs.at(-1)).toMatch(
      /^ {6}special kernel APC, completion of IRP .*: not delivered, IRQL is APC_LEVEL$/,
    );
    await at.expect(
      'dt @$thread nt!_KTHREAD WaitIrql KernelApcDisable SpecialApcDisable',
      "   +0x06a WaitIrql : 1 ''",
      '   +0x084 KernelApcDisable : 0',
      '   +0x086 SpecialApcDisable : 0',
    );
    const pending = await at.run('dt @$thread nt!_KTHREAD ApcState.KernelApcPending');
    expect(pending.at(-1)).toMatch(/KernelApcPending +: (1 ''|0y1)$/);
    const analysis = await at.run('!analyze -v');
    expect(analysis.join('\n')).toMatch(/Hang Analysis[^]*zwRead\.c @ \d+: apcs-disabled/);
  });
});

describe('query-open-redirect on Windows XP: the device that the query goes to', () => {
  test('from the pre-operation to the file system', async () => {
    const at = await kd('query-open-redirect', 'winxp');
    await at.run('bp queryopen!QueryOpenPreNetworkQueryOpen; g');
    await at.expect(
      'kn L5',
      ' # ChildEBP RetAddr  ',
      '00 {*} {after} queryopen!QueryOpenPreNetworkQueryOpen+{+} [redirect.c @ {…}]',
      '01 {*} {*} fltMgr!FltpPerformPreCallbacks+{+}',
      '02 {*} {*} fltMgr!FltpPassThroughFastIo+{+}',
      '03 {*} {*} fltMgr!FltpFastIoQueryOpen+{+}',
      '04 {*} {*} sr!SrFastIoQueryOpen+{+}',
    );
    const [data, flags] = await at.run('?? Data');
    expect(data).toMatch(/^struct _FLT_CALLBACK_DATA \* 0x[0-9a-f]{8}$/);
    expect(flags).toBe('   +0x000 Flags            : 2');
    await at.expect(
      'dt @@(Data) fltmgr!_FLT_CALLBACK_DATA Thread',
      '   +0x004 Thread : 0x{thread} _ETHREAD',
    );
    await at.expect('? @@(Data)', 'Evaluate expression: {…} = {data}');
    await at.expect(
      'dt {data} fltmgr!_FLT_CALLBACK_DATA Iopb->TargetInstance',
      '   +0x008 Iopb                 : ',
      '      +0x00c TargetInstance       : 0x{first} _FLT_INSTANCE',
    );
    await at.expect(
      'dt {first} fltmgr!_FLT_INSTANCE Volume',
      '   +0x018 Volume : 0x{firstVolume} _FLT_VOLUME',
    );
    await at.expect(
      'dt {firstVolume} fltmgr!_FLT_VOLUME DeviceObject',
      '   +0x01c DeviceObject : 0x{firstDevice} _DEVICE_OBJECT',
    );
    await at.expect(
      '!devstack {firstDevice}',
      '  !DevObj   !DrvObj            !DevExt   ObjectName',
      '  {firstSr}  \\FileSystem\\sr     {firstSr+b8}  ',
      '> {firstDevice}  \\FileSystem\\FltMgr {firstDevice+b8}  ',
      '  {firstNtfs}  \\FileSystem\\Ntfs   {firstNtfs+b8}  ',
    );
    await at.expect('bc 0');
    await at.expect('bp /t @$thread {after}');
    await at.expect(
      'bl',
      ' 0 e {after}     0001 (0001) fltMgr!FltpPerformPreCallbacks+{+}',
      '     Match thread data {thread}',
    );
    await at.expect(
      'g',
      'Breakpoint 0 hit',
      'Time Travel Position: {…}',
      'fltMgr!FltpPerformPreCallbacks+{+}:',
      '{after}  queryopen!QueryOpenPreNetworkQueryOpen has returned',
    );
    await at.expect('bc 0');
    await at.expect(
      'dt {data} fltmgr!_FLT_CALLBACK_DATA Iopb->TargetInstance',
      '   +0x008 Iopb                 : ',
      '      +0x00c TargetInstance       : 0x{second} _FLT_INSTANCE',
    );
    expect(at.address('second')).not.toBe(at.address('first'));
    await at.expect(
      'dt {second} fltmgr!_FLT_INSTANCE Volume',
      '   +0x018 Volume : 0x{secondVolume} _FLT_VOLUME',
    );
    await at.expect(
      'dt {secondVolume} fltmgr!_FLT_VOLUME DeviceObject',
      '   +0x01c DeviceObject : 0x{secondDevice} _DEVICE_OBJECT',
    );
    await at.expect(
      '!devstack {secondDevice}',
      '  !DevObj   !DrvObj            !DevExt   ObjectName',
      '  {secondSr}  \\FileSystem\\sr     {secondSr+b8}  ',
      '> {secondDevice}  \\FileSystem\\FltMgr {secondDevice+b8}  ',
      '  {secondNtfs}  \\FileSystem\\Ntfs   {secondNtfs+b8}  ',
    );
    expect(at.address('secondNtfs')).not.toBe(at.address('firstNtfs'));
    await at.expect('bp /t @$thread Ntfs!NtfsNetworkOpenCreate');
    await at.expect(
      'g',
      'Breakpoint 0 hit',
      'Time Travel Position: {…}',
      'Ntfs!NtfsNetworkOpenCreate:',
      '{*}',
    );
    await at.expect('bc 0');
    // The device is the first one, although the instance is the second.
    await at.expect(
      'kb L5',
      'ChildEBP RetAddr  Args to Child              ',
      '{*} {*} {irp} {information} {firstNtfs} Ntfs!NtfsNetworkOpenCreate',
      '{*} {*} 000000f2 00000000 {data+3c} fltMgr!FltpPerformFastIoCall+{+}',
      '{*} {*} {call} {*} {*} fltMgr!FltpPassThroughFastIo+{+}',
      '{*} {*} {irp} {information} {firstDevice} fltMgr!FltpFastIoQueryOpen+{+}',
      '{*} {*} {irp} {information} {firstSr} sr!SrFastIoQueryOpen+{+}',
    );
    const [first, ...reason] = await at.run('u fltMgr!FltpPassThroughFastIo+0x55 L0xE');
    expect(first).toMatch(/^No code to disassemble/);
    expect(reason.join(' ')).toContain('IRP_CALL_CTRL.Volume (+0x000) ->DeviceObject (+0x01c)');
    expect((await at.run('r @edi'))[0]).toMatch(/^No registers/);
    await at.expect(
      '!pool {data} 2',
      'Pool page {data} region is Nonpaged pool',
      '*{*} size: {…} previous size: {…}  (Allocated) *FMic',
      '\t\tPooltag FMic : IRP_CTRL structure, Binary : fltmgr.sys',
    );
    await at.expect('dp {call} L4', '{call}  {firstVolume} 00000000 {ctrl} ffffffff');
    // The callback data lies 0x5c into the IRP_CTRL of XP.
    expect(Number.parseInt(at.address('data'), 16) - Number.parseInt(at.address('ctrl'), 16)).toBe(
      0x5c,
    );
    await at.expect(
      'dt {call} fltmgr!_IRP_CALL_CTRL',
      '   +0x000 Volume           : 0x{firstVolume} _FLT_VOLUME',
      '   +0x004 Irp              : (null) ',
      '   +0x008 IrpCtrl          : 0x{ctrl} _IRP_CTRL',
      '   +0x00c StartingCallbackNode : 0xffffffff _CALLBACK_NODE',
      '   +0x010 OperationStatusCallbackListHead : _SINGLE_LIST_ENTRY',
      '   +0x014 Flags            : 0 (No matching name)',
    );
    await at.expect(
      'dt fltmgr!_FLT_VOLUME',
      '   +0x000 Base             : _FLT_OBJECT',
      '   +0x014 Flags            : _FLT_VOLUME_FLAGS',
      '   +0x018 FileSystemType   : _FLT_FILESYSTEM_TYPE',
      '   +0x01c DeviceObject     : Ptr32 _DEVICE_OBJECT',
    );
  });

  test('Windows 7 (server: no luafv) takes the device from the IRP_CTRL', async () => {
    const at = await kd('query-open-redirect', 'win2008r2');
    await at.run('bp Ntfs!NtfsNetworkOpenCreate; g');
    await at.expect('? @$thread', 'Evaluate expression: {…} = {thread}');
    const told = await at.run('u fltmgr!FltpPassThroughFastIo+0x5a L0xD');
    expect(told.join(' ')).toContain('IRP_CTRL.DeviceObject (+0x03c)');
    await at.expect(
      'dt fltmgr!_IRP_CTRL',
      '   +0x000 Type             : _FLT_TYPE',
      '   +0x004 Flags            : _IRP_CTRL_FLAGS',
      '   +0x008 MajorFunction    : UChar',
      '   +0x009 Reserved0        : UChar',
      '   +0x00a CompletionStackLength : UChar',
      '   +0x00b NextCompletion   : UChar',
      '   +0x00c CompletionStack  : Ptr32 _COMPLETION_NODE',
      '   +0x010 SyncEvent        : _KEVENT',
      '   +0x020 Irp              : Ptr32 _IRP',
      '   +0x020 FsFilterData     : Ptr32 _FS_FILTER_CALLBACK_DATA',
      '   +0x024 AsyncCompletionRoutine : Ptr32     void ',
      '   +0x028 AsyncCompletionContext : Ptr32 Void',
      '   +0x02c InitiatingInstance : Ptr32 _FLT_INSTANCE',
      '   +0x030 PendingCallbackNode : Ptr32 _CALLBACK_NODE',
      '   +0x030 StartingCallbackNode : Ptr32 _CALLBACK_NODE',
      '   +0x034 preOp            : __unnamed',
      '   +0x034 postOp           : __unnamed',
      '   +0x038 PostCompletionRoutine : Ptr32     void ',
      '   +0x03c DeviceObject     : Ptr32 _DEVICE_OBJECT',
      '   +0x040 FileObject       : Ptr32 _FILE_OBJECT',
    );
    // The device that the file system gets is below the IRP_CTRL's.
    await at.expect(
      'kb L1',
      'ChildEBP RetAddr  Args to Child              ',
      '{*} {*} {*} {*} {ntfs} Ntfs!NtfsNetworkOpenCreate',
    );
    const stack = await at.run('!devstack {ntfs}');
    expect(stack.at(-1)).toMatch(/^> [0-9a-f]{8} {2}\\FileSystem\\Ntfs/);
  });
});
