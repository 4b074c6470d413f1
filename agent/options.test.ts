// Goal: the agent starts only with settings that cannot harm; what is wrong is said.
import { expect, test } from 'vitest';
import { parseAgentOptions } from './options.ts';

const good = ['--state', 'C:\\fltlab\\state', '--root', 'C=C:\\fltlab\\work'];

test('roots, limits, defaults', () => {
  expect(parseAgentOptions([...good, '--root', 'D=D:\\x', '--idle-ms', '5'])).toEqual({
    options: {
      state: 'C:\\fltlab\\state',
      roots: new Map([
        ['C', 'C:\\fltlab\\work'],
        ['D', 'D:\\x'],
      ]),
      idle_ms: 5,
      step_ms: 60_000,
    },
  });
});

const bad: readonly (readonly [string, readonly string[], string])[] = [
  ['no state', ['--root', 'C=C:\\x'], '--state is missing'],
  ['no root', ['--state', 'C:\\s'], '--root is missing'],
  ['a drive as root', ['--state', 'C:\\s', '--root', 'C=C:\\'], 'VOLUME=X:\\folder'],
  ['a root without a volume', ['--state', 'C:\\s', '--root', 'C:\\x'], 'VOLUME=X:\\folder'],
  ['a root above the state', ['--state', 'C:\\a\\s', '--root', 'C=C:\\A'], 'inside'],
  ['a root below the state', ['--state', 'C:\\a', '--root', 'C=C:\\a\\work'], 'inside'],
  ['a root in a root', [...good, '--root', 'D=C:\\fltlab\\work\\d'], 'inside'],
  ['a limit in words', [...good, '--idle-ms', 'soon'], 'not a number'],
  ['a limit of nothing', [...good, '--step-ms', '0'], 'not a number'],
  ['an unknown option', [...good, '--token', 'x'], '--token'],
];

test.each(bad)('%s', (_title, given, expected) => {
  const parsed = parseAgentOptions(given);
  expect('problem' in parsed && parsed.problem).toContain(expected);
});

test('a folder whose name begins like the root is another folder', () => {
  const parsed = parseAgentOptions(['--state', 'C:\\fltlab', '--root', 'C=C:\\fltlab-work']);
  expect('options' in parsed).toBe(true);
});
