import { expect, test } from 'vitest';
import { isLabError } from '../../contract/errors/labError.ts';
import { formatTrace, type TraceEvent } from '../../contract/trace.ts';
import { readTrace } from './readTrace.ts';

const event: TraceEvent = {
  seq: 0,
  kind: 'step',
  actor: 'main',
  step: 's1',
  operation: 'create',
  status: 0,
};
const text = formatTrace({ trace: 1, producer: 'agent', workload: 'w' }, [event]);

test('what was written is read back', () => {
  expect(readTrace(text, 't')).toEqual({
    header: { trace: 1, producer: 'agent', workload: 'w' },
    events: [event],
    cut: false,
  });
});

test('a line cut at the end is told, and what stands before it is kept', () => {
  const cut = readTrace(text + '{"seq":1,"ki', 't');
  expect([cut.cut, cut.events.length]).toEqual([true, 1]);
});

test.each([
  ['empty', '', 'file.invalid', 'line 1'],
  ['another file', '{"run":1}\n', 'file.invalid', 'version'],
  ['a newer trace', '{"trace":9}\n', 'file.newer-version', 'version 9'],
  ['an unknown event', `${text}{"seq":1,"kind":"dance"}\n`, 'file.invalid', 'line 3'],
  ['a damaged line', `${text}{"seq"\n`, 'file.invalid', 'line 3'],
])('%s is refused with its place', (_name, damaged, code, words) => {
  let error: unknown;
  try {
    readTrace(damaged, 't');
  } catch (caught) {
    error = caught;
  }
  expect(isLabError(error) && error.code).toBe(code);
  expect(isLabError(error) && error.problem).toContain(words);
});
