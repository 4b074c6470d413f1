// Goal: an argument arrives as it was given, through the rules by which a C program of Windows splits its
// command line (learn.microsoft.com: "Parsing C command-line arguments"). Method: those rules, written
// down once more as the splitter below.
import { expect, test } from 'vitest';
import { quoteArgument } from './quoteArgument.ts';

/** One quoted argument, read back. */
function parse(line: string): string {
  let out = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    let backslashes = 0;
    while (line[at] === '\\') {
      backslashes += 1;
      at += 1;
    }
    if (line[at] !== '"') {
      out += '\\'.repeat(backslashes) + (line[at] ?? '');
      continue;
    }
    out += '\\'.repeat(Math.floor(backslashes / 2));
    if (backslashes % 2 === 1) out += '"';
    else quoted = !quoted;
  }
  if (quoted) throw new Error(`the quote of ${line} is not closed`);
  return out;
}

const rows = [
  '',
  'plain',
  'a b',
  'a"b',
  'a\\b',
  'a\\"b',
  'ends\\',
  'ends\\\\',
  '"',
  '\\"',
  '$1/$2; "x"',
];

test.each(rows)('%j', (argument) => {
  expect(parse(quoteArgument(argument))).toBe(argument);
});
