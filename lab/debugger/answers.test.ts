// Goal: a row's wishes about the debugger are judged by relation, and a wrong answer is told.
// Method: a session that answers the same text whatever it is asked.
import { expect, test } from 'vitest';
import { debuggerShortfalls } from './answers.ts';

const TEXT = 'IRP_CTRL: 01009970  NOTIFY\nCallbackData : (010099d0)\n';
const session = { execute: async () => ({ text: TEXT, failed: false }) };
const asking = (...prints: string[]) =>
  debuggerShortfalls({ debugger: [{ command: '!cbd', prints }] }, async () => session as never);

const BASE = '^IRP_CTRL: (?<B>[0-9a-f]{8})';

test.each([
  ['an address counted from another one', [BASE, '\\({B+0x60}\\)$'], 0],
  ['another distance', [BASE, '\\({B+0x5c}\\)$'], 1],
  ['a name that no pattern has found', ['{B+0x60}'], 1],
  ['a text that is not there', ['^nothing'], 1],
])('%s', async (_title, prints, count) => {
  expect(await asking(...prints)).toHaveLength(count);
});

test('a row that asks nothing opens no session', async () => {
  const open = (): never => {
    throw new Error('a session was opened');
  };
  expect(await debuggerShortfalls({ debugger: [] }, open)).toEqual([]);
});
