// Writes the encodings of WebAssembly modules.
export function uleb(value) {
    const bytes = [];
    for (let rest = value;; rest = Math.floor(rest / 128)) {
        if (rest < 0x80)
            return [...bytes, rest];
        bytes.push((rest % 0x80) | 0x80);
    }
}
/** A name as the binary format writes it; names of routines and exports are ASCII. */
export const asciiName = (name) => [
    ...uleb(name.length),
    ...Array.from(name, (letter) => letter.charCodeAt(0)),
];
export const vector = (items) => [
    ...uleb(items.length),
    ...items.flat(),
];
export const section = (id, payload) => {
    const bytes = Uint8Array.from(payload);
    return concatenate([Uint8Array.from([id, ...uleb(bytes.length)]), bytes]);
};
export function concatenate(parts) {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}
