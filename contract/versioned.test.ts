// Goal: an old file is lifted step by step and read; a newer or damaged one is refused with what to do.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isLabError } from './errors/labError.ts';
import { formats } from './testing/formats.ts';
import { parseOrThrow, parseVersioned, type Versioned } from './versioned.ts';

/** A format in its third version: 1 had `title`, 2 called it `name`, 3 split it. */
const schema = z.strictObject({ thing: z.literal(3), first: z.string(), last: z.string() });
const format: Versioned<typeof schema> = {
  kind: 'thing',
  current: 3,
  schema,
  upgrades: [
    ({ title, ...rest }) => ({ ...rest, thing: 2, name: title }),
    ({ name, ...rest }) => {
      const [first = '', last = ''] = String(name).split(' ');
      return { ...rest, thing: 3, first, last };
    },
  ],
};

test.each([
  ['version 1', { thing: 1, title: 'Ada Lovelace' }],
  ['version 2', { thing: 2, name: 'Ada Lovelace' }],
  ['version 3', { thing: 3, first: 'Ada', last: 'Lovelace' }],
])('%s is read as the current one', (_name, document) => {
  expect(parseVersioned(format, document)).toEqual({
    ok: true,
    value: { thing: 3, first: 'Ada', last: 'Lovelace' },
  });
});

test.each([
  ['a newer version', { thing: 4 }, 'file.newer-version', 'Update FltLab'],
  ['no version', { first: 'Ada' }, 'file.invalid', 'Begin it with "thing": 3'],
  ['a version that is no number', { thing: '3' }, 'file.invalid', 'Begin it with'],
  ['version 0', { thing: 0 }, 'file.invalid', 'Begin it with'],
  ['a list', [], 'file.invalid', 'Write it as'],
  ['nothing', null, 'file.invalid', 'Write it as'],
  ['a field too many', { thing: 3, first: '', last: '', more: 1 }, 'file.invalid', 'formats.md'],
])('%s is refused with a remedy', (_name, document, code, remedy) => {
  let error: unknown;
  try {
    parseOrThrow(format, document, 'f.json');
  } catch (caught) {
    error = caught;
  }
  expect(isLabError(error) && error.code).toBe(code);
  expect(isLabError(error) && error.remedy).toContain(remedy);
});

test.each(formats)('format %s has an upgrade for each version before its own', (_kind, one) => {
  expect(one.upgrades).toHaveLength(one.current - 1);
});
