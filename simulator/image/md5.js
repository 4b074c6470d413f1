// MD5, because LLVM's coverage map refers to its lists of file names by it. Nothing rests on its
// strength.
const SHIFTS = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];
const SINES = Array.from({ length: 64 }, (_unused, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));
/** The first eight bytes of the digest as a little-endian number: what LLVM keeps of it. */
export function md5Low64(message) {
    const padded = new Uint8Array(((message.length + 8) >> 6) * 64 + 64);
    padded.set(message);
    padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n, true);
    let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
    for (let block = 0; block < padded.length; block += 64)
        state = mix(state, view, block);
    return (BigInt(state[1] >>> 0) << 32n) | BigInt(state[0] >>> 0);
}
function mix(state, view, block) {
    let [a, b, c, d] = state;
    for (let step = 0; step < 64; step++) {
        const round = step >> 4;
        const [choice, word] = select(round, step, b, c, d);
        const sum = a + choice + SINES[step] + view.getUint32(block + word * 4, true);
        const shift = SHIFTS[round]?.[step & 3];
        const turned = (sum << shift) | (sum >>> (32 - shift));
        [a, d, c, b] = [d, c, b, (b + turned) | 0];
    }
    return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
}
function select(round, step, b, c, d) {
    switch (round) {
        case 0:
            return [(b & c) | (~b & d), step];
        case 1:
            return [(d & b) | (~d & c), (5 * step + 1) % 16];
        case 2:
            return [b ^ c ^ d, (3 * step + 5) % 16];
        default:
            return [c ^ (b | ~d), (7 * step) % 16];
    }
}
