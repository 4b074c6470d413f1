// Goal: a death of a machine is laid at the right door, and a dump is believed only if it is one. Method: the
// table of who it is, row by row; texts as Windows documents them.
import { describe, expect, test } from 'vitest';
import type { Crash } from '../../contract/debugStream.ts';
import { judge, named, type Death } from './judge.ts';
import { parseLastCrash, readDumpHead } from './windowsCrash.ts';

const crash = (more: Partial<Crash>): Death => ({
  kind: 'bugcheck',
  crash: { code: 0xd1, name: 'BUGCHECK_D1', parameters: [], ...more },
});
const silence = (of: 'machine' | 'agent'): Death => ({ kind: 'silence', of, silent_ms: 30_000 });

describe('whose it is', () => {
  const table: readonly (readonly [string, Death, boolean, string, RegExp])[] = [
    [
      'the driver in the stack',
      crash({ stack: ['nt!Ki', 'mine!Pre+1f'] }),
      true,
      'your driver',
      /stack/,
    ],
    [
      'the driver named',
      crash({ at: 'mine!Pre+1f', module: 'mine' }),
      true,
      'your driver',
      /stack/,
    ],
    ['a stop of Driver Verifier', crash({ code: 0xc4 }), true, 'your driver', /Verifier/],
    ['another driver named', crash({ module: 'other' }), true, 'your lab', /other, not mine/],
    ['the kernel named alone', crash({ module: 'nt' }), true, 'your driver', /suspected/],
    ['nobody named, not loaded', crash({}), false, 'your lab', /not loaded/],
    [
      'a breakpoint of its own',
      { kind: 'debugger', told: 'exception 80000003' },
      true,
      'your driver',
      /debugger/,
    ],
    [
      'a break before it was loaded',
      { kind: 'debugger', told: 'x' },
      false,
      'your lab',
      /not loaded/,
    ],
    ['the agent alone is silent', silence('agent'), true, 'our bug', /agent/],
    ['all is silent', silence('machine'), true, 'your driver', /suspected/],
    ['all is silent before it was loaded', silence('machine'), false, 'your lab', /not loaded/],
    [
      'the guest ended itself',
      { kind: 'stopped', state: 'crashed' },
      true,
      'your driver',
      /triple/,
    ],
    ['somebody switched it off', { kind: 'stopped', state: 'off' }, true, 'your lab', /outside/],
    ['somebody paused it', { kind: 'stopped', state: 'paused' }, true, 'your lab', /outside/],
  ];
  test.each(table)('%s', (_title, death, loaded, whose, because) => {
    const verdict = judge({ death, driver: 'mine', loaded, stage: 'workload' });
    expect(verdict).toMatchObject({ whose });
    expect(verdict.because).toMatch(because);
  });
});

test('a title is the same with and without the name of the code', () => {
  const title = (one: Partial<Crash>): string =>
    judge({ death: crash(one), driver: 'mine', loaded: true, stage: 'start' }).title;
  expect(title({})).toBe('DRIVER_IRQL_NOT_LESS_OR_EQUAL (D1)');
  expect(title({ name: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL' })).toBe(title({}));
  expect(title({ at: 'mine!Pre+1f' })).toBe(title({ at: 'mine!Pre+2b' }));
  expect(named({ code: undefined, name: 'Kernel panic', parameters: [] }).name).toBe(
    'Kernel panic',
  );
});

describe('what a Windows says of its last crash', () => {
  const answer = (values: readonly string[] | null, dumpBytes: number | null): string =>
    `noise\r\n${JSON.stringify({ dumpFile: 'C:\\Windows\\MEMORY.DMP', dumpBytes, values })}\r\n`;
  const event =
    '0x000000d1 (0xffffe00000000010, 0x0000000000000002, 0x0000000000000000, 0xfffff80612345678)';

  test('code, parameters and dump', () => {
    expect(parseLastCrash(answer([event, 'C:\\Windows\\MEMORY.DMP', 'id'], 7))).toEqual({
      crash: {
        code: 0xd1,
        name: 'DRIVER_IRQL_NOT_LESS_OR_EQUAL',
        parameters: [
          '0xffffe00000000010',
          '0x0000000000000002',
          '0x0000000000000000',
          '0xfffff80612345678',
        ],
      },
      dump: { path: 'C:\\Windows\\MEMORY.DMP', bytes: 7 },
    });
  });

  test.each([
    ['no event, no dump', answer(null, null), { crash: undefined, dump: undefined }],
    ['an event of something else', answer(['hello'], null), { crash: undefined, dump: undefined }],
    ['not the script', 'Access is denied.', undefined],
    ['half an answer', '{"dumpFile": "C:', undefined],
  ])('%s', (_title, text, expected) => expect(parseLastCrash(text)).toEqual(expected));

  test('a dump is known by its head', () => {
    const head = Buffer.alloc(4096);
    head.write('PAGEDU64', 'latin1');
    head.writeUInt32LE(0x35, 0x38);
    head.writeBigUInt64LE(0xffffe00000000010n, 0x40);
    expect(readDumpHead(head)).toEqual({
      code: 0x35,
      name: 'NO_MORE_IRP_STACK_LOCATIONS',
      parameters: ['0xffffe00000000010', '0x0', '0x0', '0x0'],
    });
    expect(readDumpHead(Buffer.alloc(4096))).toBeUndefined();
    expect(readDumpHead(head.subarray(0, 40))).toBeUndefined();
  });
});
