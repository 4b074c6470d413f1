// k, kn, kb, kv: the stack of the current thread.
import { hex8, syntaxError } from '../failure.ts';
const FRAMES_SHOWN = 20;
/** `letters`: what follows the k of the command. */
export const stackCommand = (letters) => (looking, args) => {
    const columns = columnsOf(letters);
    const noSource = letters.includes('L') || /(^|\s)L(\s|$)/.test(args);
    const count = countOf(args);
    return stackLines(looking, looking.standing.frames.slice(0, count), {
        ...columns,
        source: !noSource,
    });
};
function columnsOf(letters) {
    const has = (letter) => letters.includes(letter);
    return {
        numbers: has('n'),
        arguments: has('b') || has('v'),
        details: has('v'),
        addresses: !has('c'),
        source: true,
    };
}
function countOf(args) {
    const plain = args.trim().replace(/^=\S+\s*/, '');
    if (plain === '' || plain === 'L')
        return FRAMES_SHOWN;
    const match = /^L?\s*(?:0x)?([0-9a-f]+)$/i.exec(plain);
    if (match === null)
        throw syntaxError(args);
    return Number.parseInt(match[1] ?? '0', 16);
}
export function stackLines({ standing }, frames, columns) {
    if (frames.length === 0)
        return ['The thread is in no routine that the model knows.'];
    const lines = frames.map((frame, index) => frameLine(frame, index, columns));
    return [header(columns), ...lines].filter((line) => line !== '' || standing === null);
}
function header({ numbers, arguments: args, addresses }) {
    if (!addresses)
        return '';
    return `${numbers ? ' # ' : ''}ChildEBP RetAddr  ${args ? 'Args to Child              ' : ''}`;
}
function frameLine(frame, index, columns) {
    const number = columns.numbers ? `${index.toString(16).padStart(2, '0')} ` : '';
    if (!columns.addresses)
        return `${number}${frame.symbol}`;
    const [a = 0, b = 0, c = 0] = frame.arguments;
    const args = columns.arguments ? `${[a, b, c].map(hex8).join(' ')} ` : '';
    const place = columns.source && frame.source !== null ? ` [${frame.source.file} @ ${frame.source.line}]` : '';
    const details = columns.details ? detailsOf(frame) : '';
    return `${number}${hex8(frame.childEbp)} ${hex8(frame.returnAddress)} ${args}${frame.symbol}${details}${place}`;
}
/** What kv adds: which routines have no frame of their own, and how the driver's are called. */
function detailsOf({ routine, arguments: args, driver, childEbp }) {
    if (driver !== null)
        return ' (CONV: stdcall)';
    if (routine === 'nt!KiSwapContext')
        return ' (FPO: [Uses EBP] [0,0,4])';
    if (routine === 'nt!KiFastCallEntry')
        return ` (FPO: [0,3] TrapFrame @ ${hex8(childEbp + 8)})`;
    return routine.startsWith('nt!Zw') ? ` (FPO: [${args.length},0,0])` : '';
}
