// Goal: a terminal ends with the last lines that it can keep, whatever came and however fast; what was not
// drawn is told by number. Method: a terminal that draws only when the test lets it.
import { describe, expect, test } from 'vitest';
import { TextPump } from './textPump.ts';

function slowTerminal() {
  const drawn: string[] = [];
  let release: () => void = () => undefined;
  const pump = new TextPump({
    draw: (slice) => {
      drawn.push(slice);
      return new Promise((resolve) => (release = resolve));
    },
    linesKept: 3,
    ahead_characters: 40,
    slice_characters: 16,
  });
  const drawAll = async (pushed: Promise<void>): Promise<string> => {
    let ended = false;
    void pushed.then(() => (ended = true));
    while (!ended) {
      release();
      await Promise.resolve();
    }
    return drawn.join('');
  };
  return { pump, drawn, drawAll };
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

describe('text for a terminal of three lines', () => {
  test('that is drawn in time is drawn whole, in slices', async () => {
    const { pump, drawn, drawAll } = slowTerminal();
    const pushed = pump.push(lines(1, 4));
    expect(await drawAll(pushed)).toBe(lines(1, 4));
    expect(Math.max(...drawn.map((one) => one.length))).toBe(16);
    expect(await drawAll(pump.push('more'))).toBe(`${lines(1, 4)}more`);
  });

  test('that comes too fast keeps its end, and says what was left out', async () => {
    const { pump, drawAll } = slowTerminal();
    void pump.push('first\n');
    const text = await drawAll(pump.push(lines(1, 20)));
    expect(text).toBe(
      `first\n⋯ 17 lines came faster than they can be shown: they stand in the log.\n${lines(18, 20)}`,
    );
  });

  test('that comes too fast in many pieces is counted once', async () => {
    const { pump, drawAll } = slowTerminal();
    void pump.push('first\n');
    for (let line = 1; line < 100; line += 1) void pump.push(lines(line, line));
    const text = await drawAll(pump.push(lines(100, 100)));
    const told = /⋯ (\d+) lines/.exec(text);
    const shown = text.split('\n').filter((one) => one.startsWith('line')).length;
    expect(Number(told?.[1]) + shown).toBe(100);
    expect(text.endsWith(lines(98, 100))).toBe(true);
  });

  test('that is one long line is not cut', async () => {
    const { pump, drawAll } = slowTerminal();
    expect(await drawAll(pump.push('x'.repeat(90)))).toBe('x'.repeat(90));
  });
});
