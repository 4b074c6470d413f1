import { describe, expect, test } from 'vitest';
import {
  AccessMask,
  FltMajor,
  NtStatus,
  fltMajorName,
  formatFlags,
  irpMajorName,
  ntError,
  ntStatusName,
  ntSuccess,
  parseFlags,
  parseNtStatus,
} from './index.ts';

test.each([
  ['STATUS_SUCCESS', 0x00000000, true, false],
  ['STATUS_PENDING', 0x00000103, true, false],
  ['STATUS_NOTIFY_ENUM_DIR', 0x0000010c, true, false],
  ['STATUS_BUFFER_OVERFLOW', 0x80000005, false, false],
  ['STATUS_ACCESS_DENIED', 0xc0000022, false, true],
  ['STATUS_FLT_DISALLOW_FAST_IO', 0xc01c0004, false, true],
] as const)('%s is 0x%s', (name, value, success, error) => {
  expect(NtStatus[name]).toBe(value);
  expect(ntStatusName(value)).toBe(name);
  expect(parseNtStatus(name)).toBe(value);
  expect([ntSuccess(value), ntError(value)]).toEqual([success, error]);
});

test('a status that is not listed is written as a number, and read back', () => {
  expect(ntStatusName(0xc0dedead)).toBe('0xC0DEDEAD');
  expect(parseNtStatus('0xC0DEDEAD')).toBe(0xc0dedead);
  expect(parseNtStatus('STATUS_MADE_UP')).toBeUndefined();
});

describe('flags', () => {
  test.each([
    ['DELETE|SYNCHRONIZE', { value: 0x110000 }],
    [' READ_DATA | 0x80000000 ', { value: 0x80000001 }],
    ['', { value: 0 }],
    ['DELETE|NONSENSE', { unknown: 'NONSENSE' }],
    ['0x100000000', { unknown: '0x100000000' }],
  ])('%j', (text, parsed) => {
    expect(parseFlags(text, AccessMask, 'FILE_')).toEqual(parsed);
  });

  test('written and read again they are the same', () => {
    const value = 0x80110001;
    const text = formatFlags(value, AccessMask);
    expect(parseFlags(text, AccessMask)).toEqual({ value });
    expect(formatFlags(0, AccessMask)).toBe('0');
    expect(formatFlags(0x4000, { A: 1 })).toBe('0x4000');
  });
});

test('pseudo major functions have names of their own', () => {
  expect(fltMajorName(FltMajor.IRP_MJ_NETWORK_QUERY_OPEN)).toBe('IRP_MJ_NETWORK_QUERY_OPEN');
  expect(fltMajorName(0x0c)).toBe('IRP_MJ_DIRECTORY_CONTROL');
  expect(irpMajorName(0xf2)).toBe('0xF2');
});
