// Goal: the entries of FAST_IO_DISPATCH that no system service of the model calls, but other kernel
// components do, reach minifilters and the file system too (R-FLT-32). Method: a filter calls them from
// the top of the stack, as a file server would.
import { describe, expect, test } from 'vitest';
import { NtStatus, ntStatusName } from '../../contract/windows/index.ts';
import { topOfStack } from '../io/deviceObject.ts';
import { callFastIo, fastIoEntries, type FastIoCall, type FastIoEntry } from '../io/fastIo.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { IrpParameters, Mdl } from '../io/irp.ts';
import type { PreResult } from './filter.ts';
import {
  noCallback,
  openFile,
  play,
  type Major,
  type ScriptedFilter,
  type Stage,
} from './testing/bench.ts';
import { read, setup, witness, write } from './testing/fastIoSteps.ts';

interface Row {
  readonly entry: FastIoEntry;
  readonly major: Major;
  readonly minor: number;
  readonly answer: string;
  readonly operation: IrpParameters;
  readonly before?: (stage: Stage, file: FileObject) => Promise<void>;
}

describe('entries that other kernel components call', () => {
  /** Calls an entry from the top of the stack when a file is flushed, as a file server would. */
  const caller = (run: (stage: Stage, file: FileObject) => Promise<void>): ScriptedFilter => ({
    name: 'caller',
    altitude: '1',
    on: (stage) => ({
      IRP_MJ_FLUSH_BUFFERS: {
        pre: async (_data, { fileObject }): Promise<PreResult> => {
          if (fileObject !== null) await run(stage, fileObject);
          return noCallback;
        },
      },
    }),
  });
  const iosb = () => ({ status: NtStatus.STATUS_SUCCESS as number, information: 0 });
  const mdl = { chain: null as Mdl | null };

  async function call(
    { kernel, say }: Stage,
    file: FileObject,
    entry: FastIoEntry,
    operation: IrpParameters,
    buffer = 0,
  ): Promise<void> {
    const top = topOfStack(file.device);
    const result = iosb();
    const made: FastIoCall = {
      entry,
      fileObject: file,
      operation,
      buffer,
      mdl,
      irp: null,
      iosb: result as FastIoCall['iosb'],
      requestorMode: 'kernel',
    };
    const taken = await callFastIo(kernel, top, made);
    say(`${entry} ${taken ? `${ntStatusName(result.status)} ${result.information}` : 'no'}`);
  }
  const range = { byteOffset: 2, length: 4, key: 0 } as const;
  const lock = {
    kind: 'lock',
    ...range,
    failImmediately: true,
    exclusive: true,
    exact: { byteOffset: 2n, length: 4n },
  } as const;
  const query = (fileInformationClass: number, length: number): IrpParameters => ({
    kind: 'query-information',
    fileInformationClass,
    length,
  });
  const control = {
    kind: 'device-control',
    outputBufferLength: 0,
    inputBufferLength: 0,
    ioControlCode: 0x70000,
    inputBuffer: 0,
  } as const;
  const cases: readonly Row[] = [
    {
      entry: 'FastIoQueryNetworkOpenInfo',
      major: 'IRP_MJ_QUERY_INFORMATION',
      minor: 0,
      answer: 'STATUS_SUCCESS 56',
      operation: query(34, 56),
    },
    {
      entry: 'FastIoUnlockAll',
      major: 'IRP_MJ_LOCK_CONTROL',
      minor: 3,
      answer: 'STATUS_SUCCESS 0',
      operation: lock,
    },
    {
      entry: 'FastIoUnlockAllByKey',
      major: 'IRP_MJ_LOCK_CONTROL',
      minor: 4,
      answer: 'STATUS_SUCCESS 0',
      operation: lock,
    },
    {
      // NTFS has no such entry.
      entry: 'FastIoDeviceControl',
      major: 'IRP_MJ_DEVICE_CONTROL',
      minor: 0,
      answer: 'no',
      operation: control,
    },
    {
      entry: 'MdlRead',
      major: 'IRP_MJ_MDL_READ',
      minor: 0,
      answer: 'STATUS_SUCCESS 4',
      operation: { kind: 'mdl-read', ...range },
    },
    {
      entry: 'MdlReadComplete',
      major: 'IRP_MJ_MDL_READ_COMPLETE',
      minor: 0,
      answer: 'STATUS_SUCCESS 0',
      operation: { kind: 'mdl-read-complete' },
      before: (stage, file) => call(stage, file, 'MdlRead', { kind: 'mdl-read', ...range }),
    },
    {
      entry: 'PrepareMdlWrite',
      major: 'IRP_MJ_PREPARE_MDL_WRITE',
      minor: 0,
      answer: 'STATUS_SUCCESS 4',
      operation: { kind: 'prepare-mdl-write', ...range },
    },
    {
      entry: 'MdlWriteComplete',
      major: 'IRP_MJ_MDL_WRITE_COMPLETE',
      minor: 0,
      answer: 'STATUS_SUCCESS 0',
      operation: { kind: 'mdl-write-complete', byteOffset: 2 },
      before: (stage, file) =>
        call(stage, file, 'PrepareMdlWrite', { kind: 'prepare-mdl-write', ...range }),
    },
  ];
  const flush = { do: 'flush', handle: 'f' };
  test.each(cases)('$entry is $major.$minor: $answer', async ({ before, ...row }) => {
    const { entry, major, minor, answer, operation } = row;
    mdl.chain = null;
    const calls = caller(async (stage, file) => {
      if (before !== undefined) await before(stage, file);
      const buffer = stage.kernel.pool.allocate('nonpaged', 64, 'Test', 'system');
      await call(stage, file, entry, operation, buffer);
    });
    const steps = [openFile, write('a'), flush];
    const { story } = await play([witness(major), calls], steps, { setup });
    expect(story.at(-2)).toBe(`${major}.${minor} 2`);
    expect(story.at(-1)).toBe(`${entry} ${answer}`);
    expect(fastIoEntries[entry].minorFunction).toBe(minor);
  });

  test('what is written through an MDL is what is read afterwards', async () => {
    mdl.chain = null;
    const calls = caller(async (stage, file) => {
      await call(stage, file, 'PrepareMdlWrite', { kind: 'prepare-mdl-write', ...range });
      const { address, length } = mdl.chain as Mdl;
      stage.kernel.memory.bytes(address, length).set(Buffer.from('MDL!'));
      await call(stage, file, 'MdlWriteComplete', { kind: 'mdl-write-complete', byteOffset: 2 });
    });
    const steps = [openFile, read('a'), flush, read('b', { length: 10, expect: {} })];
    const { prediction } = await play([calls], steps, { setup });
    const found = prediction.events.find((event) => event.kind === 'step' && event.step === 'b');
    expect(found).toMatchObject({ bytes: Buffer.from('01MDL!6789').toString('hex') });
  });
});
