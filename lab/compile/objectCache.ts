// Objects by the hash of all that went into them: in memory, and on disk if there is a folder.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, writeFileAtomic } from '../data/atomicFile.ts';

export interface CachedObject {
  readonly object: Uint8Array;
  /** What the compiler said (warnings): a cached unit still has them. */
  readonly output: string;
}

const MEMORY_LIMIT = 256;
const DISK_LIMIT_BYTES = 128 * 1024 * 1024;

export class ObjectCache {
  readonly #memory = new Map<string, CachedObject>();
  readonly #folder: string | undefined;
  #pruned = false;

  /** Without a folder, nothing is kept beyond the process. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<CachedObject | undefined> {
    const kept = this.#memory.get(key);
    if (kept !== undefined) {
      this.#memory.delete(key);
      this.#memory.set(key, kept);
      return kept;
    }
    const read = await this.#read(key);
    if (read !== undefined) this.#remember(key, read);
    return read;
  }

  async put(key: string, value: CachedObject): Promise<void> {
    this.#remember(key, value);
    if (this.#folder === undefined) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(this.#file(key), encode(value));
    if (this.#pruned) return;
    this.#pruned = true;
    await prune(this.#folder);
  }

  /** The least recently used goes first: a Map keeps the order of insertion. */
  #remember(key: string, value: CachedObject): void {
    this.#memory.set(key, value);
    const [oldest] = this.#memory.keys();
    if (this.#memory.size > MEMORY_LIMIT && oldest !== undefined) this.#memory.delete(oldest);
  }

  #file(key: string): string {
    return join(this.#folder ?? '', `${key}.object`);
  }

  async #read(key: string): Promise<CachedObject | undefined> {
    if (this.#folder === undefined) return undefined;
    try {
      const bytes = await readFile(this.#file(key));
      const now = new Date();
      await utimes(this.#file(key), now, now);
      return decode(bytes);
    } catch (error) {
      // Another process may have pruned it meanwhile: then it is compiled again.
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

export function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Length and bytes of the output, then the object; a digest in front, as disks and people err. */
function encode({ object, output }: CachedObject): Uint8Array {
  const text = Buffer.from(output, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const body = Buffer.concat([length, text, object]);
  return Buffer.concat([createHash('sha256').update(body).digest(), body]);
}

function decode(bytes: Buffer): CachedObject | undefined {
  const body = bytes.subarray(32);
  const digest = createHash('sha256').update(body).digest();
  if (body.length < 4 || !digest.equals(bytes.subarray(0, 32))) return undefined;
  const end = 4 + body.readUInt32LE(0);
  return { output: body.toString('utf8', 4, end), object: Uint8Array.from(body.subarray(end)) };
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.object'));
  const files = await Promise.all(names.map((name) => sizeAndAge(join(folder, name))));
  files.sort((left, right) => right.mtimeMs - left.mtimeMs);
  let total = 0;
  for (const { file, size } of files) {
    total += size;
    if (total > DISK_LIMIT_BYTES) await rm(file, { force: true });
  }
}

async function sizeAndAge(file: string): Promise<{ file: string; size: number; mtimeMs: number }> {
  try {
    const { size, mtimeMs } = await stat(file);
    return { file, size, mtimeMs };
  } catch (error) {
    // Another process prunes, too.
    if (isMissing(error)) return { file, size: 0, mtimeMs: 0 };
    throw error;
  }
}
