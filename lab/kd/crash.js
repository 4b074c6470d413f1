import { parseAnalysis } from './stream/structures.ts';
/** The banner, completed by what !analyze -v said. */
export function withAnalysis(crash, analysis) {
    const found = parseAnalysis(analysis);
    return {
        ...crash,
        name: found.name ?? crash.name,
        parameters: crash.parameters.length > 0 ? crash.parameters : found.parameters,
        module: found.module,
        image: found.image,
        at: found.at,
        bucket: found.bucket,
        process: found.process,
        stack: found.stack,
    };
}
/**
 * One line that is equal for equal crashes: offsets, addresses and parameters change from run to run
 * and are left out; the name of the bugcheck and the routine it happened in are not.
 */
export function crashTitle({ code, name, at, image, parameters }) {
    const number = code === undefined ? '' : ` (${code.toString(16).toUpperCase()})`;
    const place = at?.replace(/\+(0x)?[0-9a-f]+$/i, '') ?? image;
    // A panic has no routine of its own: its message is what tells it from others.
    const why = code === undefined ? `: ${(parameters[0] ?? '').replace(/0x[0-9a-f]+/gi, '0x…')}` : '';
    return `${name}${number}${why}${place === undefined ? '' : ` in ${place}`}`;
}
/** `your driver` when its image or module is named; else nobody knows without a person. */
export function crashIsOf(crash, driver) {
    const name = driver.toLowerCase();
    const named = [crash.module, crash.image?.replace(/\.sys$/i, ''), crash.at?.split('!')[0]];
    const inStack = crash.stack?.some((frame) => frame.toLowerCase().startsWith(`${name}!`)) ?? false;
    return inStack || named.some((one) => one?.toLowerCase() === name);
}
/** Crashes by title, most frequent first. */
export function deduplicate(crashes) {
    const known = new Map();
    for (const crash of crashes) {
        const title = crashTitle(crash);
        const one = known.get(title);
        if (one === undefined)
            known.set(title, { title, count: 1, first: crash });
        else
            one.count += 1;
    }
    return [...known.values()].sort((left, right) => right.count - left.count || (left.title < right.title ? -1 : 1));
}
