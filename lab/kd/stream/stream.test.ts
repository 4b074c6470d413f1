// Goal: whatever sizes the pieces come in, the stream says the same; what was lost is counted.
// Method: texts as the documentation of the Debugging Tools shows them, cut at every length.
import { describe, expect, test } from 'vitest';
import type { DebugItem } from '../../../contract/debugStream.ts';
import { crashIsOf, crashTitle, deduplicate, withAnalysis } from '../crash.ts';
import { answerFor, findingOfStop } from '../verifierStops.ts';
import { parseLabTrace, SequenceWatch } from './labTrace.ts';
import { acknowledge, dataPacket, PacketDecoder, printPacket, type KdPiece } from './packets.ts';
import { StreamParser } from './parser.ts';
import {
  parseAnalysis,
  parseCallbackData,
  parseDeviceStack,
  parseFields,
  parseFilters,
  parseStack,
} from './structures.ts';

function read(text: string | Buffer, size = Number.MAX_SAFE_INTEGER) {
  const items: DebugItem[] = [];
  const parser = new StreamParser({ tell: (item) => items.push(item) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  parser.end();
  return { items, losses: parser.losses };
}

const bare = (items: readonly DebugItem[]) => items.map(({ at: _at, ...rest }) => rest);

const session = [
  'Connected to Windows 10 22621 x64 target at (Sat Nov 21 10:00:00.000 2026), ptr64 TRUE',
  'loaded: näme',
  'LAB_TRACE dirnotify 1 pre major=IRP_MJ_CREATE file="\\\\a \\"b\\"" ;',
  'LAB_TRACE dirnotify 2 post status=0x0 ;',
  'LAB_TRACE dirnotify 5 post status=0x0 ;',
  'Breakpoint 0 hit',
  'dirnotify!PreDirectoryControl:',
  '1: kd> g',
  'FILTER VERIFIER ERROR: A filter returned an unknown pre-operation callback status.',
  '(Filter = FFFFAC04A21CD8A0 (dirnotify), Status = 0xbaadf00d)',
  'Break, ignore, zap or remove ?',
  'Access violation - code c0000005 (!!! second chance !!!)',
  'Waiting to reconnect...',
  '*** Fatal System Error: 0x00000050',
  '                       (0xFFFFE00000000010,0x0000000000000000,0xFFFFF80612345678,0x0000000000000002)',
  '',
  'Break instruction exception - code 80000003 (first chance)',
  '0: kd> ',
].join('\r\n');

const told: readonly object[] = [
  {
    kind: 'connected',
    system: 'Windows 10 22621 x64 target at (Sat Nov 21 10:00:00.000 2026), ptr64 TRUE',
  },
  { kind: 'text', text: 'loaded: näme' },
  {
    kind: 'trace',
    driver: 'dirnotify',
    sequence: 1,
    event: 'pre',
    fields: { major: 'IRP_MJ_CREATE', file: '\\a "b"' },
  },
  { kind: 'trace', driver: 'dirnotify', sequence: 2, event: 'post', fields: { status: '0x0' } },
  { kind: 'trace', driver: 'dirnotify', sequence: 5, event: 'post', fields: { status: '0x0' } },
  { kind: 'breakpoint', number: 0 },
  { kind: 'text', text: 'dirnotify!PreDirectoryControl:' },
  { kind: 'prompt', processor: 1, open: false },
  { kind: 'text', text: 'g' },
  {
    kind: 'verifier-stop',
    message: 'A filter returned an unknown pre-operation callback status.',
    filter: 'dirnotify',
    details: '(Filter = FFFFAC04A21CD8A0 (dirnotify), Status = 0xbaadf00d)',
    asks: true,
  },
  { kind: 'exception', code: 0xc0000005, chance: 'second' },
  { kind: 'waiting-to-reconnect' },
  {
    kind: 'bugcheck',
    crash: {
      code: 0x50,
      name: 'BUGCHECK_50',
      parameters: [
        '0xffffe00000000010',
        '0x0000000000000000',
        '0xfffff80612345678',
        '0x0000000000000002',
      ],
    },
  },
  { kind: 'exception', code: 0x80000003, chance: 'first' },
  { kind: 'prompt', processor: 0, open: true },
  { kind: 'loss', what: 'sequence-gap', count: 2, told: 'LAB_TRACE lines are missing' },
];

describe('a session', () => {
  test('in one piece', () => expect(bare(read(session).items)).toEqual(told));

  // A prompt that is cut from what follows it is open for a moment: that is what it is.
  const settled = (items: readonly DebugItem[]) =>
    bare(items).map((item) => (item.kind === 'prompt' ? { ...item, open: false } : item));
  test.each([1, 2, 3, 7, 16, 61])('in pieces of %i bytes', (size) => {
    expect(settled(read(session, size).items)).toEqual(settled(read(session).items));
  });

  test('the echo of a Ctrl+C may stand before anything', () => {
    const { items } = read(
      '^CBreak instruction exception - code 80000003 (first chance)\r\n^C^C0: kd> ',
      7,
    );
    expect(bare(items)).toMatchObject([{ kind: 'exception' }, { kind: 'prompt', open: true }]);
  });

  test('a prompt is told once, when nothing follows it yet', () => {
    expect(bare(read('kd> ').items)).toEqual([
      { kind: 'prompt', processor: undefined, open: true },
    ]);
    expect(bare(read('(gdb) ').items)).toMatchObject([{ kind: 'prompt', open: true }]);
  });
});

describe('losses', () => {
  test('numbers out of order are none; numbers that never come are', () => {
    const watch = new SequenceWatch(4);
    const lost = [1, 3, 2, 4, 5, 7, 8, 9, 10, 11, 12].map((sequence) =>
      watch.see({ driver: 'd', sequence }),
    );
    expect(lost.reduce((sum, one) => sum + one)).toBe(1); // 6
    expect(watch.see({ driver: 'd', sequence: 1_000 })).toBe(983); // all that the window has no room for
    expect(watch.end()).toBe(4);
  });

  test('a driver that is loaded again counts anew', () => {
    const watch = new SequenceWatch();
    for (const sequence of [40, 41, 42, 1, 2, 3]) {
      expect(watch.see({ driver: 'd', sequence })).toBe(0);
    }
    expect(watch.end()).toBe(0);
  });

  test.each([
    ['without its end', 'LAB_TRACE d 7 pre major=IRP_MJ_CR'],
    ['with half a field', 'LAB_TRACE d 7 pre file="abc ;'],
    ['without a number', 'LAB_TRACE d pre ;'],
  ])('a trace line %s is told as text and counted', (_title, line) => {
    expect(parseLabTrace(line)).toBeUndefined();
    const { items, losses } = read(`${line}\n`);
    expect(losses['trace-damaged']).toBe(1);
    expect(items[0]).toMatchObject({ kind: 'debug-print', text: line, truncated: true });
  });

  test('a line beyond what one DbgPrint can say', () => {
    expect(read(`${'x'.repeat(511)}\n`).losses['print-truncated']).toBe(0);
    expect(read(`${'x'.repeat(520)}\n`).losses['print-truncated']).toBe(1);
  });

  test('a line without end does not fill memory', () => {
    const items: DebugItem[] = [];
    const parser = new StreamParser({ tell: (item) => items.push(item) });
    for (let round = 0; round < 40; round += 1) parser.push(Buffer.alloc(10_000, 'y'));
    parser.end();
    expect(items.filter(({ kind }) => kind === 'text').length).toBeGreaterThan(4);
  });
});

describe('packets of the kernel debugger on a serial line', () => {
  const decode = (line: Buffer, size: number): KdPiece[] => {
    const pieces: KdPiece[] = [];
    const decoder = new PacketDecoder((piece) => pieces.push(piece));
    for (let at = 0; at < line.length; at += size) decoder.push(line.subarray(at, at + size));
    decoder.end();
    return pieces;
  };
  const said = (pieces: readonly KdPiece[]): string =>
    pieces.map((one) => ('bytes' in one ? one.bytes.toString() : `<${one.kind}>`)).join('');

  const broken = printPacket(0x80800000, 'broken');
  broken[20] = (broken[20] ?? 0) ^ 0xff;
  const line = Buffer.concat([
    Buffer.from('SeaBIOS 0x00001000 iiBoot\n'),
    printPacket(0x80800800, 'hello\n'),
    printPacket(0x80800800, 'hello\n'), // nobody acknowledged it: sent again
    printPacket(0x80800001, 'world\n'),
    acknowledge(0x80800000),
    broken,
    Buffer.from('plain again\n'),
    printPacket(0x80800001, 'last\n'),
  ]);

  test.each([1, 3, 16, 17, 10_000])('are found between text, in pieces of %i bytes', (size) => {
    const text = said(decode(line, size));
    expect(text).toMatch(
      /^SeaBIOS 0x00001000 iiBoot\nhello\nworld\n<control><damaged>[^]*plain again\nlast\n$/,
    );
  });

  test('a packet that is cut off by the end of the stream is damage', () => {
    const pieces = decode(printPacket(0x80800000, 'never whole').subarray(0, 24), 5);
    expect(pieces).toEqual([{ kind: 'damaged', told: 'the stream ended in a packet' }]);
  });

  test('an exception and a module that was loaded', () => {
    const exception = Buffer.alloc(32 + 160);
    exception.writeUInt32LE(0x3030, 0);
    exception.writeUInt32LE(0xc0000005, 32);
    exception.writeBigUInt64LE(0xfffff80612345678n, 48);
    const module = Buffer.alloc(32 + 40);
    module.writeUInt32LE(0x3031, 0);
    const name = Buffer.from('\\Driver\\dirnotify.sys\0');
    module.writeUInt32LE(name.length, 32);
    module.writeBigUInt64LE(0xfffff80700000000n, 40);
    const pieces = decode(
      Buffer.concat([
        dataPacket(7, 0x80800000, exception),
        dataPacket(7, 0x80800001, Buffer.concat([module, name])),
      ]),
      50,
    );
    expect(pieces).toMatchObject([
      { kind: 'exception', code: 0xc0000005, address: 0xfffff80612345678n, first: false },
      { kind: 'module', loaded: true, base: 0xfffff80700000000n, path: '\\Driver\\dirnotify.sys' },
    ]);
  });

  test('a print of 512 bytes is cut, and a crash is seen with no debugger attached', () => {
    const items: DebugItem[] = [];
    const parser = new StreamParser({ tell: (item) => items.push(item) });
    parser.debugPrint(Buffer.alloc(512, 'z'));
    parser.debugPrint(
      Buffer.from(
        '\n*** Fatal System Error: 0x000000d1\n                       (0x1,0x2,0x3,0x4)\n\n',
      ),
    );
    expect(parser.losses['print-truncated']).toBe(1);
    expect(items.at(-1)).toMatchObject({ kind: 'bugcheck', crash: { code: 0xd1 } });
  });
});

describe('answers as structures', () => {
  test('kn of 64 bits, with an inline frame and a source line', () => {
    const text = ` # Child-SP          RetAddr               Call Site
00 fffff801\`12345678 fffff801\`22222222     dirnotify!PreCreate+0x1f [c:\\src\\a b.c @ 120]
01 (Inline Function) --------\`--------     FLTMGR!FltpInner+0x8
02 fffff801\`12345700 00000000\`00000000     nt!IofCallDriver+0x55`;
    expect(parseStack(text)).toMatchObject([
      { number: 0, at: 'dirnotify!PreCreate+0x1f', source: 'c:\\src\\a b.c @ 120' },
      { number: 2, at: 'nt!IofCallDriver+0x55' },
    ]);
  });

  test('dt: nesting is in the blanks', () => {
    const text = `   +0x018 Iopb                 : 
      +0x00c TargetInstance       : 0x820d3008 _FLT_INSTANCE
      +0x010 Parameters           : 
         +0x000 Length               : 0x800
   +0x020 Flags                : 2`;
    expect(parseFields(text)).toEqual([
      {
        offset: 0x18,
        name: 'Iopb',
        value: '',
        fields: [
          { offset: 0xc, name: 'TargetInstance', value: '0x820d3008 _FLT_INSTANCE', fields: [] },
          {
            offset: 0x10,
            name: 'Parameters',
            value: '',
            fields: [{ offset: 0, name: 'Length', value: '0x800', fields: [] }],
          },
        ],
      },
      { offset: 0x20, name: 'Flags', value: '2', fields: [] },
    ]);
  });

  test('!devstack, top first, with the one that was asked for', () => {
    const text = `  !DevObj           !DrvObj            !DevExt           ObjectName
  ffff8001\`00000010  \\FileSystem\\FltMgr ffff8001\`00000160  
> ffff8001\`00000020  \\FileSystem\\Ntfs   ffff8001\`00000170  HarddiskVolume2`;
    expect(parseDeviceStack(text)).toEqual([
      { device: 'ffff8001`00000010', driver: '\\FileSystem\\FltMgr', name: '', asked: false },
      {
        device: 'ffff8001`00000020',
        driver: '\\FileSystem\\Ntfs',
        name: 'HarddiskVolume2',
        asked: true,
      },
    ]);
  });

  test('!fltkd.filters and !fltkd.cbd', () => {
    const filters = `
Filter List: ffffb08d5e0c4020 "Frame 0" 
   FLT_FILTER: ffffb08d61c2a010 "dirnotify" "370030"
      FLT_INSTANCE: ffffb08d63a1b010 "dirnotify" "370030"
      FLT_INSTANCE: ffffb08d63a1c010 "dirnotify" "370030"
   FLT_FILTER: ffffb08d5f6c4b20 "FileInfo" "40500"`;
    expect(
      parseFilters(filters).map((one) => [one.name, one.altitude, one.instances.length]),
    ).toEqual([
      ['dirnotify', '370030', 2],
      ['FileInfo', '40500', 0],
    ]);
    const cbd = `IRP_CTRL: ffffb08d64a00010  DIRECTORY_CONTROL (12) [00080001] Irp
Flags                    : [10000004] DontCopyParms FixedAlloc
 Flags                    : [00080001] Irp
  MajorFunction            : 12`;
    expect(parseCallbackData(cbd)).toMatchObject({ operation: 'DIRECTORY_CONTROL', major: 12 });
    expect(parseCallbackData('Could not read')).toBeUndefined();
  });
});

describe('crashes', () => {
  const analysis = `PAGE_FAULT_IN_NONPAGED_AREA (50)
Arguments:
Arg1: ffffe00000000010, memory referenced.
Arg2: 0000000000000000
Arg3: fffff80612345678
Arg4: 0000000000000002

PROCESS_NAME:  notepad.exe

STACK_TEXT:  
fffff801\`1 fffff801\`2 : 1 2 3 4 : nt!KeBugCheckEx
fffff801\`1 fffff801\`2 : 1 2 3 4 : dirnotify!PreCreate+0x1f

SYMBOL_NAME:  dirnotify!PreCreate+1f
MODULE_NAME: dirnotify
IMAGE_NAME:  dirnotify.sys
FAILURE_BUCKET_ID:  AV_R_INVALID_dirnotify!PreCreate`;
  const banner = { code: 0x50, name: 'BUGCHECK_50', parameters: ['0x1', '0x2', '0x3', '0x4'] };

  test('the title is the same for the same mistake', () => {
    const one = withAnalysis(banner, analysis);
    const two = withAnalysis({ ...banner, parameters: ['0x9'] }, analysis.replace('+1f', '+2a'));
    expect(crashTitle(one)).toBe('PAGE_FAULT_IN_NONPAGED_AREA (50) in dirnotify!PreCreate');
    expect(deduplicate([one, two])).toMatchObject([{ count: 2 }]);
    expect(one.stack).toEqual(['nt!KeBugCheckEx', 'dirnotify!PreCreate+0x1f']);
    expect([crashIsOf(one, 'dirnotify'), crashIsOf(one, 'other')]).toEqual([true, false]);
    expect(parseAnalysis(analysis)).toMatchObject({ process: 'notepad.exe', code: 0x50 });
  });

  test('a stop of Filter Verifier is answered by policy and becomes a finding', () => {
    const stop = bare(read(session).items).find((item) => item.kind === 'verifier-stop');
    if (stop?.kind !== 'verifier-stop') throw new Error('no stop');
    const placed = { ...stop, at: 0 };
    expect(answerFor(placed, 'DirNotify')).toBe('z');
    expect(answerFor(placed, 'other')).toBe('r');
    expect(answerFor({ ...placed, asks: false }, 'dirnotify')).toBeUndefined();
    expect(findingOfStop(placed, 'dirnotify')).toMatchObject({ id: 'filter-verifier' });
    expect(findingOfStop(placed, 'other')).toBeUndefined();
  });
});
