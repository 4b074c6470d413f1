import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError } from '../failure.ts';
/** POOL_HEADER on x86. */
const HEADER_BYTES = 8;
const PAGE_BYTES = 0x1000;
const RED_ZONE = 16;
/** What pooltag.txt says of the tags that the model uses. */
const tags = {
    FMic: 'IRP_CTRL structure, Binary : fltmgr.sys',
    FMis: 'FLT_INSTANCE structure, Binary : fltmgr.sys',
    FMfl: 'FLT_FILTER structure, Binary : fltmgr.sys',
    FMvo: 'FLT_VOLUME structure, Binary : fltmgr.sys',
    FSrN: 'File System Run Time, Binary : nt!fsrtl',
    File: 'File objects',
    Devi: 'Device objects',
    Driv: 'Driver objects',
    'Irp ': 'Io, IRP packets',
    'Io  ': 'general IO allocations, Binary : nt!io',
    IoNm: 'Io parsing names, Binary : nt!io',
    'Mdl ': 'Io, Mdls',
    Proc: 'Process objects',
    Thre: 'Thread objects',
    Reso: 'ERESOURCE structure',
};
const sizeOf = ({ length }) => Math.ceil((length + HEADER_BYTES) / HEADER_BYTES) * HEADER_BYTES;
export const pool = (looking, text) => {
    const { standing, machine } = looking;
    const words = text.trim().split(/\s+/);
    const flags = words.length > 1 && /^[0-9a-f]+$/i.test(words.at(-1) ?? '')
        ? Number.parseInt(words.pop() ?? '0', 16)
        : 0;
    const address = evaluateMasm(standing.scope(machine), words.join(' '));
    const block = blockAt(looking, address);
    if (block === null)
        throw new KdError(`${hex8(address)} is not valid pool. Checking for freed (or corrupt) pool\nAddress ${hex8(address)} could not be found in any block of pool.`);
    const region = block.type === 'paged' ? 'Paged pool' : 'Nonpaged pool';
    const blocks = (flags & 2) !== 0 ? [block] : blocksOfPage(looking, address);
    return [
        `Pool page ${hex8(address)} region is ${region}`,
        ...blocks.flatMap((one) => blockLines(looking, one, one === block)),
    ];
};
const blockAt = ({ standing }, address) => standing.records.recorder.machine.pool.blockAt(address);
function blockLines(looking, block, isAsked) {
    const size = sizeOf(block).toString(16).padStart(4);
    const before = blockAt(looking, block.address - RED_ZONE - 1);
    const previous = (before === null ? 0 : sizeOf(before)).toString(16).padStart(4);
    const state = block.freed ? '(Free ok)  ' : '(Allocated)';
    const line = `${isAsked ? '*' : ' '}${hex8(block.address - HEADER_BYTES)} size: ${size} previous size: ${previous}  ${state} ${isAsked ? '*' : ' '}${block.tag}`;
    if (!isAsked)
        return [line];
    const known = tags[block.tag];
    const what = known === undefined
        ? `\t\tOwning component : ${block.owner === 'system' ? 'Unknown (update pooltag.txt)' : block.owner}`
        : `\t\tPooltag ${block.tag} : ${known}`;
    return [line, what];
}
function blocksOfPage(looking, address) {
    const page = address & ~(PAGE_BYTES - 1);
    const found = new Set();
    for (let at = page; at < page + PAGE_BYTES; at += HEADER_BYTES) {
        const block = blockAt(looking, at);
        if (block !== null)
            found.add(block);
    }
    return [...found];
}
