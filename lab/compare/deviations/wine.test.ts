// Goal: each known deviation of Wine excuses exactly what it describes.
import { describe, expect, test } from 'vitest';
import { knownDeviation, type DifferingRow } from '../deviations.ts';
import { wineDeviations, withoutPadding } from './wine.ts';

const padded = '14000000040000000600000066006f006f000000000000000500000006000000620061007200';
const packed = '12000000040000000600000066006f006f00000000000500000006000000620061007200';

test('entries are moved together as Wine writes them', () => {
  expect(withoutPadding(padded)).toBe(packed);
  expect(withoutPadding(packed)).toBe(packed);
  expect(withoutPadding('')).toBe('');
});

const row = (
  phase: DifferingRow['phase'],
  operation: string,
  predicted: Record<string, string>,
  observed: Record<string, string>,
): DifferingRow => ({
  phase,
  operation,
  predicted,
  observed,
  differing: Object.keys(predicted).filter((field) => predicted[field] !== observed[field]),
});

const success = { status: 'STATUS_SUCCESS' };
const below = { ...success, information: '0x16', entries: 'ADDED sub\\x' };

describe('excused', () => {
  test.each<[string, DifferingRow]>([
    [
      'wine-1',
      row(
        'completion',
        'notify',
        { ...success, information: '0x26', bytes: padded },
        { ...success, information: '0x24', bytes: packed },
      ),
    ],
    [
      'wine-1',
      row(
        'return',
        'notify',
        { information: '0x58', iosb: 'a' },
        { information: '0x52', iosb: 'b' },
      ),
    ],
    ['wine-4', row('return', 'read', { information: '(not written)' }, { information: '0x0' })],
    ['wine-7', row('return', 'set-allocation', success, { status: 'STATUS_NOT_IMPLEMENTED' })],
    ['wine-8', row('return', 'lock', success, { status: 'STATUS_NOT_IMPLEMENTED' })],
    ['wine-9', row('return', 'set-ea', success, { status: 'STATUS_ACCESS_DENIED' })],
    [
      'wine-10',
      row(
        'return',
        'request-oplock',
        { status: 'STATUS_PENDING' },
        { status: 'STATUS_NOT_SUPPORTED' },
      ),
    ],
    ['wine-9', row('return', 'query-ea', success, { status: 'STATUS_NO_EAS_ON_FILE' })],
    [
      'wine-12',
      row(
        'return',
        'flush-view',
        { status: 'STATUS_NOT_MAPPED_VIEW' },
        { status: 'STATUS_INVALID_PARAMETER' },
      ),
    ],
    ['wine-11', row('return', 'set-reparse', success, { status: 'STATUS_NOT_SUPPORTED' })],
    ['wine-11', row('return', 'create', { status: 'STATUS_IO_REPARSE_TAG_NOT_HANDLED' }, success)],
    [
      'wine-2',
      row('completion', 'notify', below, { status: 'STATUS_CANCELLED', information: '0x0' }),
    ],
    [
      'wine-3',
      row(
        'completion',
        'notify',
        { status: 'STATUS_NOTIFY_CLEANUP' },
        { status: 'STATUS_HANDLES_CLOSED' },
      ),
    ],
    ['wine-4', row('return', 'rename', { information: '(not written)' }, { information: '0x0' })],
    ['wine-5', row('return', 'read', success, { status: 'STATUS_PENDING' })],
    [
      'wine-6',
      row(
        'return',
        'notify',
        { status: 'STATUS_INVALID_PARAMETER' },
        { status: 'STATUS_OBJECT_TYPE_MISMATCH' },
      ),
    ],
  ])('%s', (id, differing) => {
    expect(knownDeviation(wineDeviations, differing)?.id).toBe(id);
  });
});

describe('not excused', () => {
  test.each<[string, DifferingRow]>([
    [
      'other bytes of the same length',
      row(
        'completion',
        'notify',
        { information: '0x26', bytes: padded },
        { information: '0x24', bytes: packed.replace('66', '67') },
      ),
    ],
    [
      'another count of the same bytes',
      row(
        'completion',
        'notify',
        { information: '0x14', bytes: packed },
        { information: '0x12', bytes: packed },
      ),
    ],
    [
      'a watch that is not below',
      row('completion', 'notify', { ...below, entries: 'ADDED x' }, { status: 'STATUS_CANCELLED' }),
    ],
    [
      'more bytes than predicted',
      row(
        'return',
        'notify',
        { information: '0x52', iosb: 'a' },
        { information: '0x58', iosb: 'b' },
      ),
    ],
    [
      'another status at cleanup',
      row(
        'completion',
        'notify',
        { status: 'STATUS_NOTIFY_CLEANUP' },
        { status: 'STATUS_CANCELLED' },
      ),
    ],
    ['a create', row('return', 'create', { information: '(not written)' }, { information: '0x0' })],
    [
      'another refusal of a lock',
      row('return', 'lock', success, { status: 'STATUS_ACCESS_DENIED' }),
    ],
    [
      'another refusal of an attribute',
      row('return', 'set-ea', success, { status: 'STATUS_EA_TOO_LARGE' }),
    ],
    [
      'another refusal of an oplock',
      row(
        'return',
        'request-oplock',
        { status: 'STATUS_PENDING' },
        { status: 'STATUS_OPLOCK_NOT_GRANTED' },
      ),
    ],
    [
      'another refusal of a tag',
      row('return', 'set-reparse', success, { status: 'STATUS_ACCESS_DENIED' }),
    ],
    ['a wait', row('return', 'wait', success, { status: 'STATUS_TIMEOUT' })],
  ])('%s', (_name, differing) => {
    expect(knownDeviation(wineDeviations, differing)).toBeUndefined();
  });
});
