// The history of runs: an index in SQLite over the folders that are the truth. It may be deleted at any
// time; a damaged one is made anew. A run appears in it when it is looked for, whoever made it.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { isLabError } from '../../contract/errors/labError.ts';
import type { RunSummary, TrendPoint } from '../../contract/rpc.ts';
import { crashIds, readCrash } from '../crash/store.ts';
import { readRun, runFiles, runIds } from '../run/store.ts';
import { ANNOTATIONS_FILE, readAnnotations } from './annotations.ts';
import { summarize } from './summary.ts';

const SCHEMA_VERSION = 2;
const SCHEMA = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY, stamp TEXT NOT NULL, startedAt TEXT NOT NULL, verdict TEXT NOT NULL,
    sample TEXT NOT NULL, variant TEXT NOT NULL, workload TEXT NOT NULL, target TEXT NOT NULL,
    differing INTEGER NOT NULL, took_ms REAL NOT NULL, words TEXT NOT NULL, summary TEXT NOT NULL
  ) STRICT;
  CREATE INDEX byTime ON runs (startedAt DESC, id DESC);
  CREATE INDEX bySubject ON runs (sample, variant, workload, target, startedAt);
  CREATE TABLE tags (run TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) STRICT;
  CREATE TABLE crashes (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
    whose TEXT NOT NULL, sample TEXT NOT NULL, target TEXT NOT NULL
  ) STRICT;
  CREATE INDEX crashesByTitle ON crashes (title, at);
  PRAGMA user_version = ${SCHEMA_VERSION};`;

export interface Wanted {
  readonly text: string;
  readonly verdict?: string | undefined;
  readonly tag?: string | undefined;
  readonly from: number;
  readonly count: number;
}

export interface KnownCrash {
  readonly title: string;
  readonly count: number;
  /** ISO 8601. */
  readonly first: string;
  readonly last: string;
  /** The id of the last one. */
  readonly latest: string;
  readonly samples: readonly string[];
  readonly whose: readonly string[];
}

export interface UnreadableRun {
  readonly id: string;
  readonly why: string;
}

export class History {
  private readonly dataFolder: string;
  private readonly database: DatabaseSync;

  private constructor(dataFolder: string, database: DatabaseSync) {
    this.dataFolder = dataFolder;
    this.database = database;
  }

  static async open(dataFolder: string): Promise<History> {
    const file = join(dataFolder, 'history.sqlite');
    return new History(dataFolder, await openDatabase(file));
  }

  close(): void {
    this.database.close();
  }

  /** Brings the index up to what lies on disk; returns what could not be read. */
  async refresh(): Promise<readonly UnreadableRun[]> {
    const ids = await runIds(this.dataFolder);
    const known = new Map(
      this.database
        .prepare('SELECT id, stamp FROM runs')
        .all()
        .map((row) => [String(row['id']), String(row['stamp'])] as const),
    );
    const unreadable: UnreadableRun[] = [];
    for (const id of ids) {
      const stamp = await stampOf(this.folder(id));
      if (known.get(id) === stamp) continue;
      const why = await this.add(id, stamp);
      if (why !== undefined) unreadable.push({ id, why });
    }
    const there = new Set(ids);
    for (const id of known.keys()) if (!there.has(id)) this.forget(id);
    return [...unreadable, ...(await this.refreshCrashes())];
  }

  /** A kept crash never changes: what is known by its id is known. */
  private async refreshCrashes(): Promise<readonly UnreadableRun[]> {
    const ids = await crashIds(this.dataFolder);
    const known = new Set(
      this.database
        .prepare('SELECT id FROM crashes')
        .all()
        .map((row) => String(row['id'])),
    );
    const unreadable: UnreadableRun[] = [];
    for (const id of ids.filter((one) => !known.has(one))) {
      try {
        const { at, title, kind, whose, sample, target } = await readCrash(this.dataFolder, id);
        this.database
          .prepare('INSERT OR IGNORE INTO crashes VALUES (?, ?, ?, ?, ?, ?, ?)')
          .run(id, at, title, kind, whose, sample, target);
      } catch (error) {
        if (!isLabError(error)) throw error;
        unreadable.push({ id, why: error.problem });
      }
    }
    const there = new Set(ids);
    const gone = this.database.prepare('DELETE FROM crashes WHERE id = ?');
    for (const id of known) if (!there.has(id)) gone.run(id);
    return unreadable;
  }

  find(wanted: Wanted): { readonly total: number; readonly runs: RunSummary[] } {
    const { where, values } = conditions(wanted);
    const counted = this.database
      .prepare(`SELECT count(*) AS total FROM runs ${where}`)
      .get(...values);
    const rows = this.database
      .prepare(
        `SELECT summary FROM runs ${where} ORDER BY startedAt DESC, id DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, wanted.count, wanted.from);
    return { total: Number(counted?.['total'] ?? 0), runs: rows.map(summaryOf) };
  }

  summary(id: string): RunSummary | undefined {
    const row = this.database.prepare('SELECT summary FROM runs WHERE id = ?').get(id);
    return row === undefined ? undefined : summaryOf(row);
  }

  /** Runs of the same thing on the same target, oldest first. */
  trend({ sample, variant, workload, target }: RunSummary): TrendPoint[] {
    return this.database
      .prepare(
        `SELECT id, startedAt, verdict, differing, took_ms FROM runs
         WHERE sample = ? AND variant = ? AND workload = ? AND target = ?
         ORDER BY startedAt, id`,
      )
      .all(sample, variant, workload, target)
      .map((row) => ({
        id: String(row['id']),
        startedAt: String(row['startedAt']),
        verdict: String(row['verdict']) as TrendPoint['verdict'],
        differing: Number(row['differing']),
        took_ms: Number(row['took_ms']),
      }));
  }

  /** Crashes by title, the most frequent first: what was seen twice is one crash. */
  crashes(): readonly KnownCrash[] {
    return this.database
      .prepare(
        `SELECT title, count(*) AS count, min(at) AS first, max(at) AS last, max(id) AS latest,
           group_concat(DISTINCT sample) AS samples, group_concat(DISTINCT whose) AS whose
         FROM crashes GROUP BY title ORDER BY count(*) DESC, title`,
      )
      .all()
      .map((row) => ({
        title: String(row['title']),
        count: Number(row['count']),
        first: String(row['first']),
        last: String(row['last']),
        latest: String(row['latest']),
        samples: String(row['samples']).split(','),
        whose: String(row['whose']).split(','),
      }));
  }

  folder(id: string): string {
    return join(this.dataFolder, 'runs', id);
  }

  private async add(id: string, stamp: string): Promise<string | undefined> {
    try {
      const folder = this.folder(id);
      const run = await readRun(join(folder, runFiles.run));
      const summary = summarize({ ...run, id }, await readAnnotations(folder));
      this.put(summary, stamp);
      return undefined;
    } catch (error) {
      // One damaged run must not hide the others.
      if (isLabError(error)) return error.problem;
      throw error;
    }
  }

  private put(summary: RunSummary, stamp: string): void {
    this.forget(summary.id);
    const { id, startedAt, verdict, sample, variant, workload, target, took_ms, tags } = summary;
    const words = [id, sample, variant, workload, target, summary.profile, summary.note, ...tags];
    this.database
      .prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        id,
        stamp,
        startedAt,
        verdict,
        sample,
        variant,
        workload,
        target,
        differing(summary),
        took_ms,
        words.join('\n').toLowerCase(),
        JSON.stringify(summary),
      );
    const tagged = this.database.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?)');
    for (const tag of tags) tagged.run(id, tag);
  }

  private forget(id: string): void {
    this.database.prepare('DELETE FROM runs WHERE id = ?').run(id);
    this.database.prepare('DELETE FROM tags WHERE run = ?').run(id);
  }
}

const differing = ({ counts }: RunSummary): number =>
  (counts.differs ?? 0) + (counts['predicted-only'] ?? 0) + (counts['observed-only'] ?? 0);

const summaryOf = (row: Record<string, unknown>): RunSummary =>
  JSON.parse(String(row['summary'])) as RunSummary;

function conditions(wanted: Wanted): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  for (const word of wanted.text.toLowerCase().split(/\s+/).filter(Boolean)) {
    parts.push('instr(words, ?) > 0');
    values.push(word);
  }
  if (wanted.verdict !== undefined) {
    parts.push('verdict = ?');
    values.push(wanted.verdict);
  }
  if (wanted.tag !== undefined) {
    parts.push('id IN (SELECT run FROM tags WHERE tag = ?)');
    values.push(wanted.tag);
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

/** Changes whenever a file that the index was made from does. */
async function stampOf(folder: string): Promise<string> {
  const of = (name: string): Promise<string> =>
    stat(join(folder, name)).then(
      ({ mtimeMs, size }) => `${mtimeMs}/${size}`,
      () => '-',
    );
  return `${await of(runFiles.run)} ${await of(ANNOTATIONS_FILE)}`;
}

async function openDatabase(file: string): Promise<DatabaseSync> {
  const opened = tryOpen(file);
  if (opened !== undefined) return opened;
  // Damaged, or of another version: it is only an index.
  for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
  const anew = new DatabaseSync(file);
  prepare(anew);
  anew.exec(SCHEMA);
  return anew;
}

function tryOpen(file: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    prepare(database);
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version === SCHEMA_VERSION) {
      database.prepare('SELECT count(*) FROM runs').get();
      return database;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SQLITE_ERROR') throw error;
  }
  database?.close();
  return undefined;
}

/** Several labs of one user may share the file. */
function prepare(database: DatabaseSync): void {
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL',
  );
}
