// Measured on a loopback with OpenSSH: below these figures throughput falls, above it does not rise.
const IN_FLIGHT = 64;
const WRITE_CHUNK_BYTES = 128 * 1024;
/** The most that OpenSSH's server hands out in one packet (256 KiB less its header). */
const READ_CHUNK_BYTES = 255 * 1024;
export async function sendChunks(sftp, handle, source, total_bytes, packet, progress = () => undefined) {
    let done_bytes = 0;
    await inFlight(total_bytes, WRITE_CHUNK_BYTES, async (at, length) => {
        const chunk = await readSource(source, at, length);
        await packet((done) => sftp.write(handle, chunk, 0, length, at, done));
        progress((done_bytes += length), total_bytes);
    });
}
export async function receiveChunks(sftp, handle, into, total_bytes, packet, progress = () => undefined) {
    let done_bytes = 0;
    await inFlight(total_bytes, READ_CHUNK_BYTES, async (at, length) => {
        const chunk = Buffer.allocUnsafe(length);
        // A server may answer with less than was asked for.
        for (let got = 0; got < length;) {
            const from = got;
            const count = await packet((done) => sftp.read(handle, chunk, from, length - from, at + from, done));
            if (count <= 0)
                throw new Error('the file became shorter while it was read');
            got += count;
        }
        await into(chunk, at);
        progress((done_bytes += length), total_bytes);
    });
}
async function readSource(source, at, length) {
    if (source instanceof Uint8Array)
        return Buffer.from(source.subarray(at, at + length));
    const chunk = Buffer.allocUnsafe(length);
    for (let got = 0; got < length;) {
        const { bytesRead } = await source.read(chunk, got, length - got, at + got);
        if (bytesRead === 0)
            throw new Error('the file became shorter while it was copied');
        got += bytesRead;
    }
    return chunk;
}
/** Settles when every chunk has: nothing still uses the handle when the caller closes it. */
async function inFlight(total_bytes, chunk_bytes, one) {
    let next = 0;
    let failed = false;
    const lane = async () => {
        while (next < total_bytes && !failed) {
            const at = next;
            next += chunk_bytes;
            await one(at, Math.min(chunk_bytes, total_bytes - at)).catch((error) => {
                failed = true;
                throw error;
            });
        }
    };
    const lanes = Math.min(IN_FLIGHT, Math.ceil(total_bytes / chunk_bytes));
    const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const refused = results.find((result) => result.status === 'rejected');
    if (refused !== undefined)
        throw refused.reason;
}
