// Goal: what Process Monitor saves as CSV is read as it was meant, and what is not that is refused in words.
import { expect, test } from 'vitest';
import { readProcmon } from './procmon.ts';

const header = '"Time of Day","Process Name","PID","Operation","Path","Result","Detail"';
const create =
  '"10:15:30.1234567 AM","node.exe","4242","CreateFile","C:\\w\\foo","NAME NOT FOUND",' +
  '"Desired Access: Generic Read, Disposition: Open, ShareMode: Read, Write"';
const close = '"10:15:30.2 AM","node.exe","4242","CloseFile","C:\\w\\foo","SUCCESS",""';

test.each<[string, string, string[], number]>([
  [
    'the default columns, with commas in the details',
    `\ufeff${header}\r\n${create}\r\n${close}\r\n`,
    ['CreateFile C:\\w\\foo STATUS_OBJECT_NAME_NOT_FOUND', 'CloseFile C:\\w\\foo STATUS_SUCCESS'],
    0,
  ],
  [
    'columns in another order, and more of them',
    '"Result","Sequence","Path","Operation"\n"SHARING VIOLATION","1","D:\\x","CreateFile"\n',
    ['CreateFile D:\\x STATUS_SHARING_VIOLATION'],
    0,
  ],
  [
    'doubled quotes and a line end in a field',
    `${header}\n"1","a","2","QueryDirectory","C:\\","NO MORE FILES","Filter: ""*"",\n1: x"\n`,
    ['QueryDirectory C:\\ STATUS_NO_MORE_FILES'],
    0,
  ],
  [
    'a result whose status is not known for sure stays as it is worded',
    `${header}\n"1","a","2","LockFile","C:\\x","RANGE NOT LOCKED",""\n`,
    ['LockFile C:\\x RANGE NOT LOCKED'],
    0,
  ],
  [
    'a record that was cut off is left out and counted',
    `${header}\r\n${close}\r\n"10:15:31","node.exe","42`,
    ['CloseFile C:\\w\\foo STATUS_SUCCESS'],
    1,
  ],
  ['no events at all', `${header}\r\n`, [], 0],
])('%s', (_name, text, lines, damaged) => {
  const file = readProcmon('Logfile.CSV', text);
  if (file.kind !== 'read') throw new Error(file.problem);
  const told = file.events.map((one) => `${one.operation} ${one.path} ${one.status ?? one.result}`);
  expect([told, file.damaged]).toEqual([lines, damaged]);
});

test('details keep their commas, quotes and line ends', () => {
  const file = readProcmon('x', `${header}\n"1","a","2","Op","p","SUCCESS","a, ""b""\r\nc"\n`);
  expect(file.kind === 'read' ? file.events[0]?.detail : '').toBe('a, "b"\r\nc');
});

test.each([
  ['nothing', '', /empty/],
  ['its binary format', 'PML_\u0009\u0000', /save it as CSV/],
  ['another table', 'name,size\nfoo,1\n', /no column Operation, Path, Result/],
])('%s is refused', (_name, text, why) => {
  const file = readProcmon('x', text);
  expect(file.kind === 'refused' ? file.problem : '').toMatch(why);
});
