// The history of runs: an index in SQLite over the folders that are the truth. It may be deleted at any
// time; a damaged one is made anew. A run appears in it when it is looked for, whoever made it.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isLabError } from '../../contract/errors/labError.ts';
import { readRun, runFiles, runIds } from '../run/store.ts';
import { ANNOTATIONS_FILE, readAnnotations } from './annotations.ts';
import { summarize } from './summary.ts';
const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY, stamp TEXT NOT NULL, startedAt TEXT NOT NULL, verdict TEXT NOT NULL,
    sample TEXT NOT NULL, variant TEXT NOT NULL, workload TEXT NOT NULL, target TEXT NOT NULL,
    differing INTEGER NOT NULL, took_ms REAL NOT NULL, words TEXT NOT NULL, summary TEXT NOT NULL
  ) STRICT;
  CREATE INDEX byTime ON runs (startedAt DESC, id DESC);
  CREATE INDEX bySubject ON runs (sample, variant, workload, target, startedAt);
  CREATE TABLE tags (run TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};`;
export class History {
    dataFolder;
    database;
    constructor(dataFolder, database) {
        this.dataFolder = dataFolder;
        this.database = database;
    }
    static async open(dataFolder) {
        const file = join(dataFolder, 'history.sqlite');
        return new History(dataFolder, await openDatabase(file));
    }
    close() {
        this.database.close();
    }
    /** Brings the index up to what lies on disk; returns what could not be read. */
    async refresh() {
        const ids = await runIds(this.dataFolder);
        const known = new Map(this.database
            .prepare('SELECT id, stamp FROM runs')
            .all()
            .map((row) => [String(row['id']), String(row['stamp'])]));
        const unreadable = [];
        for (const id of ids) {
            const stamp = await stampOf(this.folder(id));
            if (known.get(id) === stamp)
                continue;
            const why = await this.add(id, stamp);
            if (why !== undefined)
                unreadable.push({ id, why });
        }
        const there = new Set(ids);
        for (const id of known.keys())
            if (!there.has(id))
                this.forget(id);
        return unreadable;
    }
    find(wanted) {
        const { where, values } = conditions(wanted);
        const counted = this.database
            .prepare(`SELECT count(*) AS total FROM runs ${where}`)
            .get(...values);
        const rows = this.database
            .prepare(`SELECT summary FROM runs ${where} ORDER BY startedAt DESC, id DESC LIMIT ? OFFSET ?`)
            .all(...values, wanted.count, wanted.from);
        return { total: Number(counted?.['total'] ?? 0), runs: rows.map(summaryOf) };
    }
    summary(id) {
        const row = this.database.prepare('SELECT summary FROM runs WHERE id = ?').get(id);
        return row === undefined ? undefined : summaryOf(row);
    }
    /** Runs of the same thing on the same target, oldest first. */
    trend({ sample, variant, workload, target }) {
        return this.database
            .prepare(`SELECT id, startedAt, verdict, differing, took_ms FROM runs
         WHERE sample = ? AND variant = ? AND workload = ? AND target = ?
         ORDER BY startedAt, id`)
            .all(sample, variant, workload, target)
            .map((row) => ({
            id: String(row['id']),
            startedAt: String(row['startedAt']),
            verdict: String(row['verdict']),
            differing: Number(row['differing']),
            took_ms: Number(row['took_ms']),
        }));
    }
    folder(id) {
        return join(this.dataFolder, 'runs', id);
    }
    async add(id, stamp) {
        try {
            const folder = this.folder(id);
            const run = await readRun(join(folder, runFiles.run));
            const summary = summarize({ ...run, id }, await readAnnotations(folder));
            this.put(summary, stamp);
            return undefined;
        }
        catch (error) {
            // One damaged run must not hide the others.
            if (isLabError(error))
                return error.problem;
            throw error;
        }
    }
    put(summary, stamp) {
        this.forget(summary.id);
        const { id, startedAt, verdict, sample, variant, workload, target, took_ms, tags } = summary;
        const words = [id, sample, variant, workload, target, summary.profile, summary.note, ...tags];
        this.database
            .prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
            .run(id, stamp, startedAt, verdict, sample, variant, workload, target, differing(summary), took_ms, words.join('\n').toLowerCase(), JSON.stringify(summary));
        const tagged = this.database.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?)');
        for (const tag of tags)
            tagged.run(id, tag);
    }
    forget(id) {
        this.database.prepare('DELETE FROM runs WHERE id = ?').run(id);
        this.database.prepare('DELETE FROM tags WHERE run = ?').run(id);
    }
}
const differing = ({ counts }) => (counts.differs ?? 0) + (counts['predicted-only'] ?? 0) + (counts['observed-only'] ?? 0);
const summaryOf = (row) => JSON.parse(String(row['summary']));
function conditions(wanted) {
    const parts = [];
    const values = [];
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
async function stampOf(folder) {
    const of = (name) => stat(join(folder, name)).then(({ mtimeMs, size }) => `${mtimeMs}/${size}`, () => '-');
    return `${await of(runFiles.run)} ${await of(ANNOTATIONS_FILE)}`;
}
async function openDatabase(file) {
    const opened = tryOpen(file);
    if (opened !== undefined)
        return opened;
    // Damaged, or of another version: it is only an index.
    for (const end of ['', '-wal', '-shm'])
        await rm(`${file}${end}`, { force: true });
    const anew = new DatabaseSync(file);
    prepare(anew);
    anew.exec(SCHEMA);
    return anew;
}
function tryOpen(file) {
    let database;
    try {
        database = new DatabaseSync(file);
        prepare(database);
        const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
        if (version === SCHEMA_VERSION) {
            database.prepare('SELECT count(*) FROM runs').get();
            return database;
        }
    }
    catch (error) {
        if (error.code !== 'ERR_SQLITE_ERROR')
            throw error;
    }
    database?.close();
    return undefined;
}
/** Several labs of one user may share the file. */
function prepare(database) {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL');
}
