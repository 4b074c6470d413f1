// Goal: the history is an index that may be lost; runs travel as files that are checked before anything
// is written.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { predictionFormat } from '../../contract/prediction.ts';
import type { Run } from '../../contract/run.ts';
import { crashFormat } from '../../contract/crash.ts';
import { formatTrace } from '../../contract/trace.ts';
import { beginCrash, keepCrash } from '../crash/store.ts';
import { htmlReport } from '../report/html.ts';
import { junitReport } from '../report/junit.ts';
import { exampleRun } from '../report/testing/exampleRun.ts';
import { loadReportable } from '../run/loadReportable.ts';
import { ROWS_TOGETHER_MAX } from '../run/rowsFile.ts';
import { keepRun, runIds } from '../run/store.ts';
import { writeAnnotations } from './annotations.ts';
import { exportRun, importRun } from './bundle.ts';
import { History } from './history.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'fltlab-history-'))));
afterEach(() => rm(folder, { recursive: true }));

const trace = formatTrace({ trace: 1, producer: 'agent', workload: 'w' }, []);
async function keep(change: Partial<Run>): Promise<string> {
  const run: Run = { ...exampleRun, ...change };
  const prediction = predictionFormat.schema.parse({
    prediction: 1,
    sample: run.sample,
    variant: run.variant,
    workload: run.workload,
    profile: run.profile,
    seed: 0,
    outcome: 'completed',
    findings: [],
    expectations: [],
    events: [],
    coverage: [],
    evidence: [],
  });
  return (await keepRun(folder, { run, prediction, trace })).folder;
}

async function withHistory<T>(work: (history: History) => T | Promise<T>): Promise<T> {
  const history = await History.open(folder);
  try {
    await history.refresh();
    return await work(history);
  } finally {
    history.close();
  }
}

const ids = (text: string): Promise<string[]> =>
  withHistory((history) => history.find({ text, from: 0, count: 10 }).runs.map((one) => one.id));

test('crashes of one title are one, whatever run they ended', async () => {
  const died = async (title: string, at: string): Promise<void> => {
    const record = crashFormat.schema.parse({
      crash: 1,
      id: at.replaceAll(/\D/g, ''),
      at,
      kind: 'bugcheck',
      title,
      whose: 'your driver',
      because: 'b',
      sample: 's',
      variant: 'v',
      workload: 'w',
      target: 't',
      machine: null,
      profile: null,
      stage: 'workload',
      bugcheck: null,
      files: [],
      missing: [],
      run: null,
    });
    await keepCrash(folder, await beginCrash(folder), record, undefined);
  };
  await died('D1 in mine!Pre', '2026-01-01T00:00:00Z');
  await died('D1 in mine!Pre', '2026-01-02T00:00:00Z');
  await died('C4', '2026-01-03T00:00:00Z');
  // The same moment twice: two folders.
  await died('C4', '2026-01-03T00:00:00Z');
  await died('C4', '2026-01-04T00:00:00Z');
  const known = await withHistory((history) => history.crashes());
  expect(known.map(({ title, count, latest }) => [title, count, latest])).toEqual([
    ['C4', 3, '20260104000000'],
    ['D1 in mine!Pre', 2, '20260102000000'],
  ]);
  await rm(join(folder, 'crashes', '20260104000000'), { recursive: true });
  expect(await withHistory((history) => history.crashes()[0]?.count)).toBe(2);
});

describe('finding', () => {
  beforeEach(async () => {
    await keep({ id: '20260101-000000-a', startedAt: '2026-01-01T00:00:00Z', sample: 'alpha' });
    await keep({ id: '20260102-000000-b', startedAt: '2026-01-02T00:00:00Z', sample: 'beta' });
  });

  test.each<[string, string[]]>([
    ['', ['20260102-000000-b', '20260101-000000-a']],
    ['ALPHA', ['20260101-000000-a']],
    ['beta 0102', ['20260102-000000-b']],
    ["'; drop table runs; --", []],
  ])('"%s"', async (text, found) => {
    expect(await ids(text)).toEqual(found);
  });

  test('what is written about a run is found; what is deleted is gone', async () => {
    const target = join(folder, 'runs', '20260101-000000-a');
    const about = { annotations: 1, tags: ['flaky'], note: 'the Café run', origin: null } as const;
    await writeAnnotations(target, { ...about, tags: [...about.tags] });
    expect(await ids('café')).toEqual(['20260101-000000-a']);
    expect(
      await withHistory(
        (history) => history.find({ text: '', tag: 'flaky', from: 0, count: 5 }).total,
      ),
    ).toBe(1);
    await rm(target, { recursive: true });
    expect(await ids('')).toEqual(['20260102-000000-b']);
  });

  test('a damaged index is made anew', async () => {
    await ids('');
    await writeFile(join(folder, 'history.sqlite'), 'no database');
    expect(await ids('alpha')).toEqual(['20260101-000000-a']);
  });

  test('a damaged run hides no other', async () => {
    await writeFile(join(folder, 'runs', '20260101-000000-a', 'run.json'), '{ cut');
    const history = await History.open(folder);
    const unreadable = await history.refresh();
    expect(unreadable.map((one) => one.id)).toEqual(['20260101-000000-a']);
    expect(history.find({ text: '', from: 0, count: 5 }).total).toBe(1);
    history.close();
  });

  test('the trend is of the same thing on the same target, oldest first', async () => {
    await keep({ id: '20260103-000000-a', startedAt: '2026-01-03T00:00:00Z', sample: 'alpha' });
    const trend = await withHistory((history) => {
      const summary = history.summary('20260103-000000-a');
      return summary === undefined ? [] : history.trend(summary).map((one) => one.id);
    });
    expect(trend).toEqual(['20260101-000000-a', '20260103-000000-a']);
  });
});

describe('a run as one file', () => {
  test('comes back as it was, under the next free id', async () => {
    const kept = await keep({ id: '20260101-000000-a' });
    const id = await importRun(folder, 'a.fltlab-run', await exportRun(kept));
    expect(id).toBe('20260101-000000-a-2');
    const read = (run: string, file: string): Promise<string> =>
      readFile(join(folder, 'runs', run, file), 'utf8');
    expect(await read(id, 'observed.trace')).toBe(trace);
    expect(JSON.parse(await read(id, 'run.json'))).toEqual({
      ...(JSON.parse(await read('20260101-000000-a', 'run.json')) as object),
      id,
    });
    expect(await withHistory((history) => history.summary(id)?.origin)).toBe('a.fltlab-run');
  });

  test('a long comparison travels with all its rows; its report says which it leaves out', async () => {
    const [agreeing, differing] = exampleRun.comparison.rows;
    if (agreeing === undefined || differing === undefined) throw new Error('no rows');
    const rows = Array.from({ length: ROWS_TOGETHER_MAX + 1 }, (_, index) =>
      index % 1_000 === 7 ? differing : agreeing,
    );
    const kept = await keep({
      id: '20260101-000000-a',
      comparison: { ...exampleRun.comparison, rows },
    });
    const id = await importRun(folder, 'a.fltlab-run', await exportRun(kept));
    const read = (run: string): Promise<string> =>
      readFile(join(folder, 'runs', run, 'comparison.rows'), 'utf8');
    expect((await read(id)).split('\n')).toHaveLength(rows.length + 1);
    expect(await read(id)).toBe(await read('20260101-000000-a'));
    const shown = await loadReportable(folder, id);
    expect(shown.comparison.rows).toHaveLength(20);
    expect(shown.notes.at(-1)).toContain(
      'Of 20001 rows 20 are shown here; left out are 19981 that agree.',
    );
    expect(htmlReport(shown)).toContain('left out are 19981 that agree');
    expect(junitReport(shown)).toContain('left out are 19981 that agree');
  });

  test('a run of version 1 whose rows did not travel says so', async () => {
    const packed = await changed(({ rows: _rows, ...one }) => {
      const run = JSON.parse(String(one['run'])) as Run;
      const apart = { ...run.comparison, rows: [], rowsApart: true };
      const parts = { ...one, run: JSON.stringify({ ...run, comparison: apart }) };
      const {
        run: text,
        prediction,
        trace: observed,
        tags,
        note,
      } = parts as Record<string, unknown>;
      const checksum = createHash('sha256')
        .update(JSON.stringify([text, prediction, observed, tags, note]))
        .digest('hex');
      return { ...parts, fltlabRun: 1, checksum };
    });
    const imported = await loadReportable(folder, await importRun(folder, 'old', packed));
    expect(imported.comparison).not.toHaveProperty('rowsApart');
    expect(imported.notes.at(-1)).toContain('did not travel');
  });

  const changed = async (
    change: (document: Record<string, unknown>) => unknown,
  ): Promise<Buffer> => {
    const packed = await exportRun(await keep({ id: '20260101-000000-a' }));
    const document = JSON.parse(gunzipSync(packed).toString()) as Record<string, unknown>;
    return gzipSync(JSON.stringify(change(document)));
  };

  test.each<[string, () => Promise<Buffer>, string]>([
    ['not compressed', () => Promise.resolve(Buffer.from('hello')), 'run.bundle-invalid'],
    ['of nothing', () => Promise.resolve(Buffer.alloc(0)), 'run.bundle-invalid'],
    ['cut', async () => (await changed((one) => one)).subarray(0, 200), 'run.bundle-invalid'],
    [
      'of a newer version',
      () => changed((one) => ({ ...one, fltlabRun: 3 })),
      'file.newer-version',
    ],
    ['with another trace', () => changed((one) => ({ ...one, trace: '{}' })), 'run.bundle-invalid'],
    ['that is something else', () => changed(() => ({ workload: 1 })), 'run.bundle-invalid'],
    ['too large', () => Promise.resolve(Buffer.alloc(49 * 1024 * 1024)), 'run.bundle-invalid'],
  ])('is refused when %s, and nothing is written', async (_name, make, code) => {
    const packed = await make();
    const before = await runIds(folder);
    await expect(importRun(folder, 'x.fltlab-run', packed)).rejects.toMatchObject({ code });
    expect(await runIds(folder)).toEqual(before);
  });
});
