// The log of a session on disk: every byte that came, from the first one, in the order it came. It is
// written before it is read, and when the disk cannot keep up the line is told to wait.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
export class SessionLog {
    stream;
    opened;
    failure;
    bytes = 0;
    constructor(file, onFailure) {
        this.stream = createWriteStream(file, { flags: 'a', mode: 0o600, highWaterMark: 1 << 20 });
        this.stream.on('error', (error) => {
            this.failure = error;
            onFailure(error);
        });
        this.opened = once(this.stream, 'open').catch(() => undefined);
    }
    /** False when the writer is full: `whenWritten` says when it no longer is. */
    write(chunk) {
        if (this.failure !== undefined)
            return true;
        this.bytes += chunk.length;
        return this.stream.write(chunk);
    }
    whenWritten(go) {
        this.stream.once('drain', go);
    }
    async close() {
        await this.opened;
        if (this.failure !== undefined)
            return;
        await new Promise((resolve) => this.stream.end(resolve));
    }
}
