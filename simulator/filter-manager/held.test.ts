// Goal: an operation that a filter pends or posts goes on where it stood, in the thread that the rule
// book says. Method: as in filterManager.test.ts.
import { describe, expect, test } from 'vitest';
import { NtStatus } from '../../contract/windows/index.ts';
import type { CallbackData } from './callbackData.ts';
import type { PreResult } from './filter.ts';
import {
  closeFile,
  flushFile,
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
describe('operations that a filter holds', () => {
  const threadName = ({ kernel }: Stage): string => kernel.scheduler.current.name;
  /** Pends a flush and completes it as the row says: at once, or in a worker thread. */
  const pending = (status: number, when: 'before the return' | 'later', context = 0) =>
    middle(async ({ kernel, manager }, data) => {
      const resume = async (): Promise<void> => {
        if (status === Pre.FLT_PREOP_COMPLETE) {
          data.ioStatus.status = NtStatus.STATUS_CANCELLED;
        }
        expect(await manager.completePendedPre(data, status, context)).toBe(true);
      };
      if (when === 'later') kernel.workQueue.queue('resume', resume);
      else await resume();
      return returns(Pre.FLT_PREOP_PENDING);
    });
  const rows = [
    ['with a callback', Pre.FLT_PREOP_SUCCESS_WITH_CALLBACK, 9, '-middle 9', 'STATUS_SUCCESS'],
    ['without', Pre.FLT_PREOP_SUCCESS_NO_CALLBACK, 0, null, 'STATUS_SUCCESS'],
    ['completed', Pre.FLT_PREOP_COMPLETE, 0, null, 'STATUS_CANCELLED'],
  ] as const;
  describe.each(['before the return', 'later'] as const)('resumed %s', (when) => {
    test.each(rows)('%s', async (_title, status, context, own, result) => {
      const told = await play([bottom, pending(status, when, context), top], FLUSH);
      const below = result === 'STATUS_SUCCESS' ? ['+bottom', '-bottom STATUS_SUCCESS'] : [];
      expect(told.story).toEqual([
        '+top',
        '+middle',
        ...below,
        ...(own === null ? [] : [own]),
        `-top ${result}`,
      ]);
      expect(statusOf(told, 'flush')).toBe(result);
      expect(told.findings).toEqual([]);
      expect(told.prediction.outcome).toBe('completed');
    });
  });

  test('never resumed: the thread that waits is a hang, and its teardown another', async () => {
    const told = await play([middle(() => returns(Pre.FLT_PREOP_PENDING))], FLUSH);
    expect(told.prediction.outcome).toBe('hang');
  });

  test('completed twice, or not pended at all, is refused', async () => {
    const answers: boolean[] = [];
    const filter = middle(async ({ manager }, data) => {
      answers.push(await manager.completePendedPost(data));
      const { FLT_PREOP_SUCCESS_NO_CALLBACK: status } = Pre;
      answers.push(await manager.completePendedPre(data, status, 0));
      answers.push(await manager.completePendedPre(data, status, 0));
      return returns(Pre.FLT_PREOP_PENDING);
    });
    await play([filter], FLUSH);
    expect(answers).toEqual([false, true, false]);
  });

  test('MORE_PROCESSING_REQUIRED: the rest of the way up runs in the thread that resumes', async () => {
    const posting: ScriptedFilter = {
      name: 'posting',
      altitude: '200000',
      on: (stage) => ({
        IRP_MJ_FLUSH_BUFFERS: {
          pre: () => withCallback,
          post: (data) => {
            stage.say(`-posting in ${threadName(stage)}`);
            stage.kernel.workQueue.queue('finish', async () => {
              data.ioStatus.status = NtStatus.STATUS_DISK_FULL;
              await stage.manager.completePendedPost(data);
            });
            return Post.FLT_POSTOP_MORE_PROCESSING_REQUIRED;
          },
        },
      }),
    };
    const told = await play([bottom, posting, top], FLUSH);
    expect(told.story.slice(-2)).toEqual(['-posting in main/main', '-top STATUS_DISK_FULL']);
    expect(statusOf(told, 'flush')).toBe('STATUS_DISK_FULL');
  });

  test('a create pended below: every post-create runs in the thread that opened (R-FLT-20)', async () => {
    const who = (name: string, altitude: string, pends: boolean): ScriptedFilter => ({
      name,
      altitude,
      on: (stage) => ({
        IRP_MJ_CREATE: {
          pre: (data) => {
            stage.say(`+${name} ${threadName(stage)}`);
            if (!pends) return withCallback;
            stage.kernel.workQueue.queue('resume', async () => {
              await stage.manager.completePendedPre(data, withCallback.status, 0);
            });
            return returns(Pre.FLT_PREOP_PENDING);
          },
          post: () => {
            stage.say(`-${name} ${threadName(stage)}`);
            return Post.FLT_POSTOP_FINISHED_PROCESSING;
          },
        },
      }),
    });
    const filters = [who('top', '3', false), who('pends', '2', true), who('low', '1', false)];
    const told = await play(filters, [{ ...openFile, id: 'open' }]);
    expect(told.story).toEqual([
      '+top main/main',
      '+pends main/main',
      '+low System/worker-1',
      '-low main/main',
      '-pends main/main',
      '-top main/main',
    ]);
    expect(statusOf(told, 'open')).toBe('STATUS_SUCCESS');
  });
});
