// For tests of fast I/O: steps in few words, and what a trace says of the calls.
import type { TraceEvent } from '../../../contract/trace.ts';
import { ntStatusName } from '../../../contract/windows/index.ts';
import { Post, withCallback, type Major, type ScriptedFilter } from './bench.ts';

export const read = (id: string, more: object = {}): object => ({
  do: 'read',
  handle: 'f',
  offset: 0,
  length: 4,
  id,
  ...more,
});
export const write = (text: string, more: object = {}): object => ({
  do: 'write',
  handle: 'f',
  data: { text },
  offset: 0,
  ...more,
});
export const setup = [{ file: 'f', data: { text: '0123456789' } }];
export const attributes = (more: object = {}): object => ({
  do: 'query-attributes',
  path: 'f',
  id: 'ask',
  ...more,
});
export const statusOf = (events: readonly TraceEvent[], step: string): string => {
  const found = events.find((event) => event.kind === 'step' && event.step === step);
  return found?.kind === 'step' ? ntStatusName(found.status) : '?';
};
export const fastCalls = (events: readonly TraceEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === 'fast-io'
      ? [`${event.entry} ${event.device.slice(-1)} ${event.taken ? 'yes' : 'no'}`]
      : [],
  );

/** Says of each operation of one kind how it came: "IRP_MJ_READ.0 2" is fast I/O. */
export const witness = (...majors: readonly Major[]): ScriptedFilter => ({
  name: 'witness',
  altitude: '300000',
  on: ({ say }) =>
    Object.fromEntries(
      majors.map((major) => [
        major,
        {
          pre: (data) => {
            say(`${major}.${data.iopb.minorFunction} ${data.flags}`);
            return withCallback;
          },
          post: () => Post.FLT_POSTOP_FINISHED_PROCESSING,
        },
      ]),
    ),
});
