// Goal: one mistake at one place is one finding with a count, resting on the weakest of its rules.
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../contract/trace.ts';
import { TraceEvent as TraceEventSchema } from '../../contract/trace.ts';
import { profileOf } from '../windows/profiles.ts';
import { Machine } from './machine.ts';
import { PlainMemory } from './memory.ts';

test('the same id, file and line counts up; the place comes from the driver room', () => {
  const events: TraceEvent[] = [];
  const machine = new Machine({
    profile: profileOf('win7'),
    memory: new PlainMemory(),
    seed: 0,
    onEvent: (event) => events.push(event),
    gradeOf: (rule) => (rule === 'R-FLT-12' ? 'D' : 'I'),
  });
  let line = 10;
  machine.driverPlace = () => [{ file: 'a.c', line }];
  machine.scheduler.current.step = 's1';
  machine.report({ id: 'not-dirty', message: 'first' });
  machine.report({ id: 'not-dirty', message: 'again' });
  line = 11;
  machine.report({ id: 'not-dirty', message: 'elsewhere', rules: ['R-IO-22'] });
  machine.driverPlace = null;
  machine.report({ id: 'pool-leak', message: 'x' });
  machine.report({ id: 'pool-leak', message: 'y' });
  const found = machine.reported().map((one) => [one.message, one.line, one.count, one.evidence]);
  expect(found).toEqual([
    ['first', 10, 2, 'D'],
    ['elsewhere', 11, 1, 'I'],
    ['x', undefined, 1, undefined],
    ['y', undefined, 1, undefined],
  ]);
  expect(events.map((event) => event.seq)).toEqual([0, 1, 2, 3]);
  for (const event of events) {
    expect(TraceEventSchema.parse(event)).toMatchObject({ step: 's1', thread: 'System/boot' });
  }
});
