// The archive that a Linux kernel unpacks as its first file system: cpio in its "newc" form.

export interface ArchiveEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** Type and permissions as stat(2) has them: 0o100755 a program, 0o040755 a folder, 0o120777 a link. */
  readonly mode: number;
  /** Of a file its bytes, of a link its goal. */
  readonly content?: Uint8Array;
}

export function cpio(entries: readonly ArchiveEntry[]): Buffer {
  const parts = entries.map((entry, index) => record(entry, index + 1));
  return Buffer.concat([...parts, record({ path: 'TRAILER!!!', mode: 0 }, 0)]);
}

function record({ path, mode, content = new Uint8Array() }: ArchiveEntry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((value) => value.toString(16).padStart(8, '0')).join('')}`;
  const head = padded(Buffer.concat([Buffer.from(header), name]));
  return Buffer.concat([head, padded(Buffer.from(content))]);
}

/** To the next multiple of four. */
const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
