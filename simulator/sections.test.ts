// Goal: sections and mapped memory do, end to end and without any driver, what the rules say.
// Method: workloads with the expectations of somebody who knows Windows, on every version where it is
// not said otherwise.
import { describe, expect, test } from 'vitest';
import { readWorkload } from '../contract/expandWorkload.ts';
import type { Prediction } from '../contract/prediction.ts';
import type { ProfileName } from '../contract/profiles.ts';
import { simulate } from './index.ts';

type Step = Record<string, unknown>;

async function predict(
  steps: readonly Step[],
  { profile = 'win7', ...more }: { profile?: ProfileName; actors?: object; setup?: object[] } = {},
): Promise<Prediction> {
  const workload = readWorkload({ workload: 1, name: 'test', ...more, steps }, 'test');
  return simulate({ workload, profile, seed: 0, sample: 'none', variant: 'none' });
}

const SYNC = 'SYNCHRONOUS_IO_NONALERT';
const is = (status: string, more: Step = {}): Step => ({ expect: { status, ...more } });
const ok = is('STATUS_SUCCESS');
const open = (path: string, more: Step = {}): Step => ({
  do: 'create',
  path,
  disposition: 'OPEN_IF',
  access: 'GENERIC_READ|GENERIC_WRITE|GENERIC_EXECUTE|DELETE|SYNCHRONIZE',
  options: SYNC,
  as: 'f',
  ...more,
});
const section = (more: Step = {}): Step => ({
  do: 'create-section',
  handle: 'f',
  protection: 'READWRITE',
  as: 's',
  ...more,
});
const map = (more: Step = {}): Step => ({
  do: 'map-view',
  handle: 's',
  protection: 'READWRITE',
  as: 'v',
  ...more,
});
const size = (bytes: number, more: Step = {}): Step => ({
  do: 'set-end-of-file',
  handle: 'f',
  size: bytes,
  ...more,
});
const writeFile = (text: string, offset = 0): Step => ({
  do: 'write',
  handle: 'f',
  data: { text },
  offset,
});
const hex = (text: string): string => Buffer.from(text).toString('hex');

/** A PE whose only section holds "hello" at 0x1000. */
function image(): Buffer {
  const bytes = Buffer.alloc(0x400);
  bytes.writeUInt16LE(0x5a4d, 0);
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.writeUInt32LE(0x4550, 0x80);
  bytes.writeUInt16LE(0x8664, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt16LE(0xf0, 0x94);
  const optional = 0x98;
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt32LE(0x2000, optional + 56);
  bytes.writeUInt32LE(0x200, optional + 60);
  const header = optional + 0xf0;
  bytes.write('.text', header);
  bytes.writeUInt32LE(5, header + 8);
  bytes.writeUInt32LE(0x1000, header + 12);
  bytes.writeUInt32LE(0x200, header + 16);
  bytes.writeUInt32LE(0x200, header + 20);
  bytes.write('hello', 0x200);
  return bytes;
}

const program = [{ file: 'i', data: { hex: image().toString('hex') } }];
const asImage = { protection: 'EXECUTE_READ', attributes: 'IMAGE' };

interface Row {
  readonly name: string;
  readonly setup?: object[];
  readonly steps: readonly Step[];
}

const rows: readonly Row[] = [
  {
    name: 'an empty file cannot be mapped (R-SECTION-26)',
    steps: [open('f'), section({ ...is('STATUS_MAPPED_FILE_SIZE_ZERO') })],
  },
  {
    name: 'a directory cannot be mapped (R-SECTION-26)',
    steps: [
      open('d', { options: `DIRECTORY_FILE|${SYNC}`, access: 'LIST_DIRECTORY|SYNCHRONIZE' }),
      section({ protection: 'READONLY', ...is('STATUS_INVALID_FILE_FOR_SECTION') }),
    ],
  },
  {
    name: 'a read-only section is no larger than its file, a writable one extends it (R-SECTION-26)',
    steps: [
      open('f'),
      size(100),
      section({ protection: 'READONLY', size: 4096, ...is('STATUS_SECTION_TOO_BIG') }),
      section({ size: 4096, ...ok }),
      { do: 'query-information', handle: 'f', class: 'StandardInformation', id: 'size' },
    ],
  },
  {
    name: 'the file handle must have been granted what the section is for (R-SECTION-26)',
    steps: [
      open('f'),
      size(4096),
      { do: 'close', handle: 'f' },
      open('f', { access: 'GENERIC_READ' }),
      section({ ...is('STATUS_ACCESS_DENIED') }),
      section({ protection: 'WRITECOPY', ...ok }),
    ],
  },
  {
    name: 'a view shows what is written, and is shown what it writes (R-SECTION-28)',
    steps: [
      open('f'),
      writeFile('one'),
      size(5000),
      section(ok),
      map(ok),
      { do: 'read-view', view: 'v', length: 3, ...is('STATUS_SUCCESS', { bytes: hex('one') }) },
      { do: 'write-view', view: 'v', offset: 4094, data: { text: 'two!' }, ...ok },
      {
        do: 'read',
        handle: 'f',
        offset: 4094,
        length: 4,
        ...is('STATUS_SUCCESS', { bytes: hex('two!') }),
      },
      writeFile('ONE'),
      { do: 'read-view', view: 'v', length: 3, ...is('STATUS_SUCCESS', { bytes: hex('ONE') }) },
      { do: 'flush-view', view: 'v', ...ok },
    ],
  },
  {
    name: 'a view outlives the handles of file and section (R-SECTION-33)',
    steps: [
      open('f'),
      size(4096),
      section(ok),
      map(ok),
      { do: 'close', handle: 's' },
      { do: 'close', handle: 'f' },
      { do: 'write-view', view: 'v', data: { text: 'late' }, ...ok },
      { do: 'unmap-view', view: 'v', ...ok },
      open('f'),
      {
        do: 'read',
        handle: 'f',
        offset: 0,
        length: 4,
        ...is('STATUS_SUCCESS', { bytes: hex('late') }),
      },
    ],
  },
  {
    name: 'a copy on write stays with its view',
    steps: [
      open('f'),
      writeFile('mine'),
      section({ protection: 'WRITECOPY' }),
      map({ protection: 'WRITECOPY', ...ok }),
      { do: 'write-view', view: 'v', data: { text: 'copy' }, ...ok },
      { do: 'read-view', view: 'v', length: 4, ...is('STATUS_SUCCESS', { bytes: hex('copy') }) },
      {
        do: 'read',
        handle: 'f',
        offset: 0,
        length: 4,
        ...is('STATUS_SUCCESS', { bytes: hex('mine') }),
      },
    ],
  },
  {
    name: 'what is mapped is not cut off, and not deleted (R-SECTION-29)',
    steps: [
      open('f'),
      size(8192),
      section({ size: 4096 }),
      size(0, is('STATUS_USER_MAPPED_FILE')),
      size(16384, ok),
      { do: 'set-disposition', handle: 'f', ...is('STATUS_CANNOT_DELETE') },
      { do: 'close', handle: 's' },
      size(0, ok),
      { do: 'set-disposition', handle: 'f', ...ok },
    ],
  },
  {
    name: 'an image is mapped by its sections',
    setup: program,
    steps: [
      open('i', { access: 'GENERIC_READ|GENERIC_EXECUTE|SYNCHRONIZE' }),
      section({ ...asImage, ...ok }),
      map({ protection: 'EXECUTE_READ', ...is('STATUS_IMAGE_NOT_AT_BASE') }),
      {
        do: 'read-view',
        view: 'v',
        offset: 0x1000,
        length: 5,
        ...is('STATUS_SUCCESS', { bytes: hex('hello') }),
      },
    ],
  },
  {
    name: 'a file that runs is neither written nor deleted (R-SECTION-30)',
    setup: program,
    steps: [
      open('i'),
      section(asImage),
      size(0, is('STATUS_USER_MAPPED_FILE')),
      { do: 'set-disposition', handle: 'f', ...is('STATUS_CANNOT_DELETE') },
      { do: 'close', handle: 'f' },
      open('i', { disposition: 'OVERWRITE', as: 'g', ...is('STATUS_SHARING_VIOLATION') }),
      open('g', { as: 'g' }),
      { do: 'rename', handle: 'g', to: 'i', replace: true, ...is('STATUS_ACCESS_DENIED') },
      { do: 'link', handle: 'g', to: 'i', replace: true, ...is('STATUS_ACCESS_DENIED') },
    ],
  },
  {
    name: 'what is no program cannot be mapped as one',
    steps: [
      open('f'),
      writeFile('not a program, but long enough to hold a header of sixty-four bytes'),
      section({ ...asImage, ...is('STATUS_INVALID_IMAGE_NOT_MZ') }),
    ],
  },
  {
    name: 'a section is a handle of its own kind',
    steps: [
      open('f'),
      size(4096),
      section(ok),
      { do: 'read', handle: 's', length: 1, offset: 0, ...is('STATUS_OBJECT_TYPE_MISMATCH') },
      { do: 'map-view', handle: 'f', as: 'v', ...is('STATUS_OBJECT_TYPE_MISMATCH') },
      { do: 'unmap-view', view: 'v', ...is('STATUS_NOT_MAPPED_VIEW') },
    ],
  },
];

describe.each(['winxp', 'win7', 'win11'] as const)('on %s', (profile) => {
  test.each(rows)('$name', async ({ steps, setup = [] }) => {
    const prediction = await predict(steps, { profile, setup });
    expect(prediction.outcome).toBe('completed');
    expect(prediction.expectations).toEqual([]);
    expect(prediction.findings).toEqual([]);
  });
});

test('a page comes in by paging I/O in the thread that touches it, once', async () => {
  const { events } = await predict([
    open('f'),
    size(4096),
    section(),
    map(),
    { do: 'read-view', view: 'v', length: 10, id: 'first' },
    { do: 'read-view', view: 'v', offset: 20, length: 10, id: 'second' },
  ]);
  const reads = events.filter((event) => event.kind === 'irp' && event.major === 'IRP_MJ_READ');
  expect(reads).toMatchObject([
    { phase: 'dispatch', step: 'first', thread: 'main/main' },
    { phase: 'complete', step: 'first', information: 4096 },
  ]);
});
