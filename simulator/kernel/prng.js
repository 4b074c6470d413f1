// The only source of choice in a simulation: splitmix32 over the seed. Same seed, same choices, on
// every engine, because only 32-bit integer arithmetic is used.
export class Prng {
    state;
    constructor(seed) {
        // The low and the high part of the seed both count; it may be up to 2^53.
        this.state = (seed ^ Math.floor(seed / 0x1_0000_0000)) | 0;
    }
    /** An unsigned 32-bit integer. */
    next() {
        this.state = (this.state + 0x9e3779b9) | 0;
        let mixed = this.state ^ (this.state >>> 16);
        mixed = Math.imul(mixed, 0x21f0aaad);
        mixed ^= mixed >>> 15;
        mixed = Math.imul(mixed, 0x735a2d97);
        return (mixed ^ (mixed >>> 15)) >>> 0;
    }
    /** An integer in [0, limit); `limit` is far below 2^32, so that the bias does not matter. */
    below(limit) {
        return this.next() % limit;
    }
}
