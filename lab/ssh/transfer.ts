// Copying a file over SFTP with many requests in flight: one at a time, a round trip each, the
// network's latency would set the speed.
import type { FileHandle } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import type { Done } from './link.ts';

/** Bytes so far, of how many. */
export type TransferProgress = (done_bytes: number, total_bytes: number) => void;

/** One SFTP packet and its answer, raced against abort and loss by the link. */
export type Packet = <T>(begin: (done: Done<T>) => void) => Promise<T>;

// Measured on a loopback with OpenSSH (npm run bench -- sftp): each packet costs the same whatever it
// carries, so they are as large as OpenSSH's server takes them (256 KiB less the header). More of them in
// flight cost memory and win nothing.
const IN_FLIGHT = 32;
const CHUNK_BYTES = 255 * 1024;

export async function sendChunks(
  sftp: SFTPWrapper,
  handle: Buffer,
  source: FileHandle | Uint8Array,
  total_bytes: number,
  packet: Packet,
  progress: TransferProgress = () => undefined,
): Promise<void> {
  let done_bytes = 0;
  await inFlight(total_bytes, CHUNK_BYTES, async (at, length) => {
    const chunk = await readSource(source, at, length);
    await packet<void>((done) => sftp.write(handle, chunk, 0, length, at, done));
    progress((done_bytes += length), total_bytes);
  });
}

export async function receiveChunks(
  sftp: SFTPWrapper,
  handle: Buffer,
  into: (chunk: Uint8Array, at: number) => Promise<unknown>,
  total_bytes: number,
  packet: Packet,
  progress: TransferProgress = () => undefined,
): Promise<void> {
  let done_bytes = 0;
  await inFlight(total_bytes, CHUNK_BYTES, async (at, length) => {
    const chunk = Buffer.allocUnsafe(length);
    // A server may answer with less than was asked for.
    for (let got = 0; got < length;) {
      const from = got;
      const count = await packet<number>((done) =>
        sftp.read(handle, chunk, from, length - from, at + from, done),
      );
      if (count <= 0) throw new Error('the file became shorter while it was read');
      got += count;
    }
    await into(chunk, at);
    progress((done_bytes += length), total_bytes);
  });
}

async function readSource(
  source: FileHandle | Uint8Array,
  at: number,
  length: number,
): Promise<Buffer> {
  // A view: ssh2 copies it into its packet.
  if (source instanceof Uint8Array)
    return Buffer.from(source.buffer, source.byteOffset + at, length);
  const chunk = Buffer.allocUnsafe(length);
  for (let got = 0; got < length;) {
    const { bytesRead } = await source.read(chunk, got, length - got, at + got);
    if (bytesRead === 0) throw new Error('the file became shorter while it was copied');
    got += bytesRead;
  }
  return chunk;
}

/** Settles when every chunk has: nothing still uses the handle when the caller closes it. */
async function inFlight(
  total_bytes: number,
  chunk_bytes: number,
  one: (at: number, length: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < total_bytes && !failed) {
      const at = next;
      next += chunk_bytes;
      await one(at, Math.min(chunk_bytes, total_bytes - at)).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const lanes = Math.min(IN_FLIGHT, Math.ceil(total_bytes / chunk_bytes));
  const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const refused = results.find((result) => result.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
}
