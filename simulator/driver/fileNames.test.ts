import { expect, test } from 'vitest';
import { parseName } from './fileNames.ts';

const VOLUME = '\\Device\\HarddiskVolume2';
const rows = [
  // below the volume; parent directory, final component, extension, stream
  ['\\dir\\a.txt', '\\dir\\', 'a.txt', 'txt', ''],
  ['\\a', '\\', 'a', '', ''],
  ['\\', '\\', '', '', ''],
  ['\\x.y\\z', '\\x.y\\', 'z', '', ''],
  ['\\a.tar.gz', '\\', 'a.tar.gz', 'gz', ''],
  ['\\a.txt:s:$DATA', '\\', 'a.txt:s:$DATA', 'txt', ':s:$DATA'],
  ['\\a.', '\\', 'a.', '', ''],
] as const;

test.each(rows)('%s', (below, parentDir, finalComponent, extension, stream) => {
  const name = VOLUME + below;
  const parts = parseName(name, VOLUME.length);
  const text = ([start, end]: readonly [number, number]): string => name.slice(start, end);
  expect({
    parentDir: text(parts.parentDir),
    finalComponent: text(parts.finalComponent),
    extension: text(parts.extension),
    stream: text(parts.stream),
  }).toEqual({ parentDir, finalComponent, extension, stream });
});
