import { expect, test } from 'vitest';
import { formatDebugText, type FormatArguments } from './debugPrint.ts';

/** Values as C would pass them: strings stand for addresses of themselves. */
function argumentsOf(values: readonly (number | bigint | string)[]): FormatArguments {
  const rest = [...values];
  const texts: string[] = [''];
  const take = (): number | bigint | string => {
    const value = rest.shift();
    if (value === undefined) throw new RangeError('the format asks for more than was passed');
    return value;
  };
  return {
    u32: () => {
      const value = take();
      return typeof value === 'string' ? texts.push(value) - 1 : Number(value) >>> 0;
    },
    u64: () => BigInt.asUintN(64, BigInt(take())),
    text: (at, limit) => (texts[at] ?? '').slice(0, limit),
    wideText: (at, limit) => (texts[at] ?? '').slice(0, limit),
    countedText: (at) => texts[at] ?? '',
    countedWideText: (at) => texts[at] ?? '',
  };
}

const rows = [
  ['plain text\n', [], 'plain text\n'],
  ['100%%', [], '100%'],
  ['%d %i %u', [-5, 5, -1], '-5 5 4294967295'],
  ['%x %X %08x %#x', [255, 255, 0xbeef, 16], 'ff FF 0000beef 0x10'],
  ['%lu %lx %ld', [7, 0xabc, -7], '7 abc -7'],
  ['%hd %hu', [0x1ffff, 0x1ffff], '-1 65535'],
  ['%I64x %I64d %llu', [0x123456789an, -2n, 2n ** 64n - 1n], '123456789a -2 18446744073709551615'],
  ['%I32u', [12], '12'],
  ['%p', [0xbeef], '0000BEEF'],
  ['%wZ', ['\\Device\\HarddiskVolume1'], '\\Device\\HarddiskVolume1'],
  ['%Z|%s|%ws|%S|%ls', ['a', 'b', 'c', 'd', 'e'], 'a|b|c|d|e'],
  ['%s %wZ', [0, 0], '(null) (null)'],
  ['[%5d][%-5d][%05d]', [42, 42, -42], '[   42][42   ][-0042]'],
  ['[%*d][%-4s][%.2s]', [4, 7, 'ab', 'abcdef'], '[   7][ab  ][ab]'],
  ['[%.3u][%6.3u]', [5, 5], '[005][   005]'],
  ['%c%c', [0x41, 0x42], 'AB'],
  ['%q stays', [], '%q stays'],
] as const;

test.each(rows)('DbgPrint(%j)', (format, values, expected) => {
  expect(formatDebugText(format, argumentsOf(values))).toBe(expected);
});

test('a line is cut at 512 characters, as the debugger receives it', () => {
  expect(formatDebugText('%s', argumentsOf(['x'.repeat(600)]))).toHaveLength(512);
});
