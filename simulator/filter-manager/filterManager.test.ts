// Goal: callbacks run in the order, in the threads and with the parameters that the rule book says.
// Method: scripted filters on the whole machine; a row is a stack of filters and the story it tells.
import { describe, expect, test } from 'vitest';
import { CallbackDataFlag, NtStatus } from '../../contract/windows/index.ts';
import type { CallbackData } from './callbackData.ts';
import type { PreResult } from './filter.ts';
import {
  closeFile,
  flushFile,
  noCallback,
  openFile,
  play,
  Post,
  Pre,
  speaker,
  statusOf,
  withCallback,
  type ScriptedFilter,
  type Stage,
} from './testing/bench.ts';

const FLUSH = [openFile, flushFile, closeFile];
const returns = (status: number, completionContext = 0): PreResult => ({
  status,
  completionContext,
});

/** A filter in the middle whose pre-operation of a flush does what the row says. */
const middle = (
  pre: (stage: Stage, data: CallbackData) => PreResult | Promise<PreResult>,
  hasPost = true,
): ScriptedFilter => ({
  name: 'middle',
  altitude: '200000',
  on: (stage) => ({
    IRP_MJ_FLUSH_BUFFERS: {
      pre: (data) => {
        stage.say('+middle');
        return pre(stage, data);
      },
      ...(hasPost
        ? {
            post: (_data, _objects, context) => {
              stage.say(context === 0 ? '-middle' : `-middle ${context}`);
              return Post.FLT_POSTOP_FINISHED_PROCESSING;
            },
          }
        : {}),
    },
  }),
});
const top = speaker('top', '300000', 'IRP_MJ_FLUSH_BUFFERS');
const bottom = speaker('bottom', '100000', 'IRP_MJ_FLUSH_BUFFERS');
const PASSED = ['+top', '+middle', '+bottom', '-bottom STATUS_SUCCESS'];

describe('pre-operation returns (R-FLT-17, R-FLT-18)', () => {
  interface Row {
    readonly title: string;
    readonly pre: (stage: Stage, data: CallbackData) => PreResult | Promise<PreResult>;
    readonly hasPost?: boolean;
    readonly story: readonly string[];
    readonly status?: string;
    readonly findings?: readonly string[];
    readonly outcome?: string;
  }
  const complete = (status: NtStatus) => (_stage: Stage, data: CallbackData) => {
    data.ioStatus.status = status;
    return returns(Pre.FLT_PREOP_COMPLETE);
  };
  const rows: readonly Row[] = [
    {
      title: 'SUCCESS_WITH_CALLBACK hands its context to the post-operation',
      pre: () => returns(Pre.FLT_PREOP_SUCCESS_WITH_CALLBACK, 77),
      story: [...PASSED, '-middle 77', '-top STATUS_SUCCESS'],
    },
    {
      title: 'SUCCESS_NO_CALLBACK: no post-operation although one is registered',
      pre: () => noCallback,
      story: [...PASSED, '-top STATUS_SUCCESS'],
    },
    {
      title: 'SUCCESS_NO_CALLBACK with a context leaks it',
      pre: () => returns(Pre.FLT_PREOP_SUCCESS_NO_CALLBACK, 77),
      story: [...PASSED, '-top STATUS_SUCCESS'],
      findings: ['completion-context-leaked'],
    },
    {
      title: 'COMPLETE: nothing below, only post-operations above',
      pre: complete(NtStatus.STATUS_ACCESS_DENIED),
      story: ['+top', '+middle', '-top STATUS_ACCESS_DENIED'],
      status: 'STATUS_ACCESS_DENIED',
    },
    {
      title: 'COMPLETE with STATUS_PENDING is no completion',
      pre: complete(NtStatus.STATUS_PENDING),
      story: ['+top', '+middle'],
      findings: ['illegal-completion-status'],
      outcome: 'not-modelled',
      status: 'did not return',
    },
    {
      title: 'SYNCHRONIZE: as SUCCESS_WITH_CALLBACK, in the same thread',
      pre: () => returns(Pre.FLT_PREOP_SYNCHRONIZE, 5),
      story: [...PASSED, '-middle 5', '-top STATUS_SUCCESS'],
    },
    {
      title: 'SUCCESS_WITH_CALLBACK without a registered post-operation: bugcheck 0xF5/0x66',
      pre: () => withCallback,
      hasPost: false,
      story: ['+top', '+middle'],
      findings: ['callback-missing'],
      outcome: 'bugcheck',
      status: 'did not return',
    },
    {
      title: 'DISALLOW_FASTIO for an IRP is illegal',
      pre: () => returns(Pre.FLT_PREOP_DISALLOW_FASTIO),
      story: [...PASSED, '-top STATUS_SUCCESS'],
      findings: ['illegal-preop-status'],
    },
    {
      title: 'a status where a callback status belongs (0xC01C0004) is illegal',
      pre: () => returns(NtStatus.STATUS_FLT_DISALLOW_FAST_IO),
      story: [...PASSED, '-top STATUS_SUCCESS'],
      findings: ['illegal-preop-status'],
    },
  ];
  test.each(rows)('$title', async (row) => {
    const told = await play([bottom, middle(row.pre, row.hasPost), top], FLUSH);
    expect(told.story).toEqual(row.story);
    expect(statusOf(told, 'flush')).toBe(row.status ?? 'STATUS_SUCCESS');
    expect(told.findings).toEqual(row.findings ?? []);
    expect(told.prediction.outcome).toBe(row.outcome ?? 'completed');
  });

  test('the bug check names the callback data', async () => {
    const told = await play([middle(() => withCallback, false)], FLUSH);
    expect(told.prediction.bugcheck).toMatchObject({ code: 0xf5, name: 'FLTMGR_FILE_SYSTEM' });
    expect(told.prediction.bugcheck?.parameters[0]).toBe('0x66');
  });

  test('cleanup cannot be made to fail', async () => {
    const refusing: ScriptedFilter = {
      name: 'refusing',
      altitude: '1',
      on: () => ({
        IRP_MJ_CLEANUP: {
          pre: (data) => {
            data.ioStatus.status = NtStatus.STATUS_ACCESS_DENIED;
            return returns(Pre.FLT_PREOP_COMPLETE);
          },
        },
      }),
    };
    const told = await play([refusing], [openFile, closeFile]);
    expect(told.findings).toEqual(['illegal-completion-status']);
  });
});

describe('changes of parameters (R-FLT-9, R-FLT-12, R-REDIRECT-39)', () => {
  const DIRTY = CallbackDataFlag.FLTFL_CALLBACK_DATA_DIRTY;
  const optionsOf = (data: CallbackData): number => {
    const { operation } = data.iopb.parameters;
    return operation.kind === 'create' ? operation.options >>> 24 : -1;
  };
  const observer = (name: string, altitude: string): ScriptedFilter => ({
    name,
    altitude,
    on: ({ say }) => ({
      IRP_MJ_CREATE: {
        pre: (data) => {
          say(`+${name} ${optionsOf(data)}`);
          return withCallback;
        },
        post: (data) => {
          say(`-${name} ${optionsOf(data)}`);
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
  });
  /** Turns FILE_OPEN_IF (3) into FILE_OPEN (1). */
  const changer = (dirty: boolean): ScriptedFilter => ({
    name: 'changer',
    altitude: '200000',
    on: ({ say }) => ({
      IRP_MJ_CREATE: {
        pre: (data) => {
          const { operation } = data.iopb.parameters;
          if (operation.kind !== 'create') return noCallback;
          const changed = { ...operation, options: (operation.options & 0xffffff) | (1 << 24) };
          const parameters = { ...data.iopb.parameters, operation: changed };
          data.iopb = { ...data.iopb, parameters };
          if (dirty) data.flags |= DIRTY;
          return withCallback;
        },
        post: (data) => {
          say(`-changer ${optionsOf(data)}`);
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
  });
  const rows = [
    {
      title: 'dirty: seen below, and restored for everyone on the way up',
      dirty: true,
      story: ['+top 3', '+bottom 1', '-bottom 1', '-changer 3', '-top 3'],
      status: 'STATUS_OBJECT_NAME_NOT_FOUND',
      findings: [],
    },
    {
      title: 'not dirty: ignored in silence on Windows, a finding here',
      dirty: false,
      story: ['+top 3', '+bottom 3', '-bottom 3', '-changer 3', '-top 3'],
      status: 'STATUS_SUCCESS',
      findings: ['not-dirty'],
    },
  ];
  test.each(rows)('$title', async ({ dirty, story, status, findings }) => {
    const filters = [observer('top', '300000'), changer(dirty), observer('bottom', '100000')];
    const told = await play(filters, [{ ...openFile, id: 'open' }]);
    expect(told.story).toEqual(story);
    expect(statusOf(told, 'open')).toBe(status);
    expect(told.findings).toEqual(findings);
  });

  test('IoStatus changed on the way up is what the caller gets (R-FLT-14)', async () => {
    const failing: ScriptedFilter = {
      name: 'failing',
      altitude: '200000',
      on: () => ({
        IRP_MJ_FLUSH_BUFFERS: {
          pre: () => withCallback,
          post: (data) => {
            data.ioStatus.status = NtStatus.STATUS_DISK_FULL;
            return Post.FLT_POSTOP_FINISHED_PROCESSING;
          },
        },
      }),
    };
    const told = await play([bottom, failing, top], FLUSH);
    expect(told.story.slice(-2)).toEqual(['-bottom STATUS_SUCCESS', '-top STATUS_DISK_FULL']);
    expect(statusOf(told, 'flush')).toBe('STATUS_DISK_FULL');
  });
});

describe('where the structures lie (x86)', () => {
  test.each([
    ['winxp', 0x5c, 0x88, [0xb4 + 0x18, 0xb4 + 0x48 + 0x18]],
    ['win7', 0x60, 0x8c, [0xb8 + 0x18, 0xb8 + 0x48 + 0x18]],
  ] as const)('%s: callback data, working block, nodes (R-FLT-10, R-FLT-11)', async (...row) => {
    const [profile, dataAt, workingAt, nodesAt] = row;
    const places: string[] = [];
    const note = (altitude: string): ScriptedFilter => ({
      name: `filter ${altitude}`,
      altitude,
      on: () => ({
        IRP_MJ_FLUSH_BUFFERS: {
          pre: (data) => {
            const base = data.operation.address;
            places.push(`${data.address - base} ${data.iopbAddress - base}`);
            return withCallback;
          },
          post: (data) => {
            places.push(`${data.iopbAddress - data.operation.address}`);
            return Post.FLT_POSTOP_FINISHED_PROCESSING;
          },
        },
      }),
    });
    await play([note('1'), note('2')], FLUSH, { profile });
    const down = `${dataAt} ${workingAt}`;
    expect(places).toEqual([down, down, `${nodesAt[1]}`, `${nodesAt[0]}`]);
  });
});
