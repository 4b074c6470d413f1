// Goal: what needs no machine: how commands are split, how numbers are read by each evaluator, where time
// is, and which step leads where.
import { describe, expect, test } from 'vitest';
import { numberOfText, tokenize } from './expression/tokens.ts';
import { MomentLog, positionText, type Moment } from './moments.ts';
import { stepBackCondition, stepCondition } from './motion.ts';
import { splitCommands } from './session.ts';
import type { DriverView } from './driverView.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import type { Thread } from '../kernel/thread.ts';

describe('a line of commands', () => {
  test.each([
    ['kn', ['kn']],
    ['bp a!b; g ; kn', ['bp a!b', 'g', 'kn']],
    [';;', []],
    ['? @@(a; b); k', ['? @@(a; b)', 'k']],
    ['.echo "a;b"; k', ['.echo "a;b"', 'k']],
    ['kn L5 // the request', ['kn L5']],
    ['* a remark', []],
    ['?? a //', ['?? a']],
  ])('%s', (line, commands) => {
    expect(splitCommands(line)).toEqual(commands);
  });
});

describe('numbers', () => {
  test.each([
    ['10', true, 0x10n],
    ['10', false, 10n],
    ['0x10', false, 0x10n],
    ['0n10', true, 10n],
    ['0y101', true, 5n],
    ['81b4`9684', true, 0x81b49684n],
    ['fffh', true, 0xfffn],
    ['10ul', false, 10n],
  ])('%s (hexadecimal by default: %s)', (text, hexByDefault, value) => {
    expect(numberOfText(text, hexByDefault)).toBe(value);
  });

  test.each([
    ['f34+1', true, ['number f34', 'operator +', 'number 1']],
    ['Flags', true, ['name Flags']],
    ['fltmgr!Flt', true, ['name fltmgr!Flt']],
    ['Data->Iopb', false, ['name Data', 'operator ->', 'name Iopb']],
    ['@$thread', true, ['special @$thread']],
  ])('tokens of %s', (text, hexByDefault, tokens) => {
    const read = tokenize(text, hexByDefault).map(({ kind, text: own }) => `${kind} ${own}`);
    expect(read).toEqual([...tokens, 'end ']);
  });
});

const thread = { name: 'a/b' } as unknown as Thread;
const other = { name: 'c/d' } as unknown as Thread;
const moment = (kind: Moment['kind'], depth: number, of: Partial<Moment> = {}): Moment => ({
  kind,
  thread,
  depth,
  routine: null,
  caller: null,
  row: -1,
  begins: false,
  ...of,
});

describe('positions', () => {
  test('count from the last event', () => {
    const log = new MomentLog();
    const event = {} as TraceEvent;
    log.add(moment('enter', 1));
    log.add(moment('line', 2));
    log.addEvent(event);
    log.add(moment('event', 1));
    log.add(moment('line', 2));
    const texts = [0, 1, 2, 3, 13].map((index) => positionText(log.positionOf(index)));
    expect(texts).toEqual(['start:0', 'start:1', '0:0', '0:1', '0:B']);
    expect([log.momentOfEvent(0), log.momentOfEvent(1)]).toEqual([2, undefined]);
  });
});

describe('steps', () => {
  const line = (number: number) => ({
    file: 'a.c',
    line: number,
    column: 1,
    function: 1,
    offset: 0,
  });
  const view = { name: 'drv', lines: [line(1), line(2), line(3)] } as unknown as DriverView;
  const here = moment('line', 3, { row: 0 });
  const rows: readonly (readonly [string, Moment, over: boolean, into: boolean, out: boolean])[] = [
    ['the same line again', moment('line', 3, { row: 0 }), false, false, false],
    ['the next line', moment('line', 3, { row: 1 }), true, true, false],
    ['a function that it calls', moment('line', 4, { row: 2 }), false, true, false],
    ['its caller', moment('line', 2, { row: 2 }), true, true, true],
    ['another thread', moment('line', 3, { row: 1, thread: other }), false, false, false],
    ['an event', moment('event', 1), false, false, false],
    [
      'a routine of Windows that it calls',
      moment('enter', 4, { routine: 'nt!X' }),
      false,
      false,
      false,
    ],
    ['back from that routine', moment('return', 3, { caller: 'drv!F' }), false, false, false],
    ['back in Windows', moment('return', 2, { caller: 'fltmgr!G' }), true, true, true],
  ];
  test.each(rows)('%s', (_what, next, over, into, out) => {
    const stops = (['over', 'into', 'out'] as const).map((how) =>
      stepCondition(here, how, view)(next, 0),
    );
    expect(stops).toEqual([over, into, out]);
  });

  test('backwards stops at statements of the function, not at those of what it called', () => {
    const back = stepBackCondition(here, 'over', view);
    expect(back(moment('line', 3, { row: 1 }), 0)).toBe(true);
    expect(back(moment('line', 4, { row: 2 }), 0)).toBe(false);
    expect(stepBackCondition(here, 'into', view)(moment('line', 4, { row: 2 }), 0)).toBe(true);
  });
});
