import { cancelledError } from '../data/cancellation.ts';
export class Link {
    #pending = new Set();
    #onLoss = new Set();
    #count = { commands: 0, files: 0, tunnels: 0 };
    #loss;
    get loss() {
        return this.#loss;
    }
    get requests() {
        const { commands, files, tunnels } = this.#count;
        return { commands, files, tunnels, total: commands + files + tunnels };
    }
    count(kind) {
        this.#count[kind] += 1;
    }
    /** Ends the link once; the first reason stays. */
    fail(loss) {
        if (this.#loss !== undefined)
            return;
        this.#loss = loss;
        for (const reject of [...this.#pending])
            reject(loss);
        for (const tell of [...this.#onLoss])
            tell(loss);
    }
    /** Called at once when the link is lost already. Returns how to stop listening. */
    onLoss(tell) {
        if (this.#loss !== undefined) {
            tell(this.#loss);
            return () => undefined;
        }
        this.#onLoss.add(tell);
        return () => this.#onLoss.delete(tell);
    }
    call(options, begin) {
        const { signal, what, counts } = options;
        if (this.#loss !== undefined)
            return Promise.reject(this.#loss);
        if (signal?.aborted)
            return Promise.reject(cancelledError(signal, what));
        if (counts !== undefined)
            this.count(counts);
        return new Promise((resolve, reject) => {
            let open = true;
            const leave = () => {
                if (!open)
                    return false;
                open = false;
                this.#pending.delete(lose);
                signal?.removeEventListener('abort', abort);
                return true;
            };
            const lose = (error) => void (leave() && reject(error));
            const abort = () => {
                if (signal !== undefined && leave())
                    reject(cancelledError(signal, what));
            };
            this.#pending.add(lose);
            signal?.addEventListener('abort', abort);
            const done = (error, value) => {
                const waited = leave();
                if (error) {
                    // An error of a connection that is gone is the loss, whatever ssh2 calls it.
                    if (waited)
                        reject(this.#loss ?? options.fails(error));
                }
                else if (waited)
                    resolve(value);
                else
                    options.discard?.(value);
            };
            try {
                begin(done);
            }
            catch (error) {
                // ssh2 throws where it cannot send ("Not connected") or the server lacks an extension.
                done(error);
            }
        });
    }
}
