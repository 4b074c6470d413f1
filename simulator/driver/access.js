import { BugCheck } from '../../contract/windows/index.ts';
import { shadowKind } from '../image/addressSpace.ts';
import { BugcheckSignal } from '../kernel/kernel.ts';
import { NULL_PAGE_LIMIT, USER_LIMIT } from '../kernel/memory.ts';
import { Irql } from '../kernel/thread.ts';
const hex = (value) => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
/** "The driver writes 4 bytes at 0x…": how every message begins. */
const did = ({ address, size, isWrite, routine }) => {
    const bytes = `${size} byte${size === 1 ? '' : 's'} at ${hex(address)}`;
    return routine === undefined
        ? `The driver ${isWrite ? 'writes' : 'reads'} ${bytes}`
        : `The driver had ${routine} ${isWrite ? 'write' : 'read'} ${bytes}`;
};
/** The first byte of a range that driver code may not touch now, or null when it may touch all. */
export function firstBadByte({ memory, kernel }, address, size, isWrite) {
    const end = address + size;
    for (let at = address; at < end;) {
        const grain = (at & ~7) >>> 0;
        const usable = usableBytes(memory.shadowOf(at), isWrite, kernel.scheduler.current.irql);
        const next = grain + 8;
        if (Math.min(end, next) > grain + usable)
            return Math.max(at, grain + usable);
        at = next;
    }
    return null;
}
function usableBytes(shadow, isWrite, irql) {
    if (shadow <= 8)
        return shadow;
    const count = shadow & 0xf;
    const kind = shadow & 0xf0;
    if (kind === shadowKind.pageable)
        return irql > Irql.APC_LEVEL ? 0 : count;
    if (kind === shadowKind.readOnly)
        return isWrite ? 0 : count;
    return 0;
}
/**
 * Decides one access: true raises STATUS_ACCESS_VIOLATION in the driver, false lets it go on. Throws
 * where the machine stops.
 */
export function judgeAccess(machine, access) {
    if (access.bad < NULL_PAGE_LIMIT)
        return nullPage(machine, access);
    if (access.bad < USER_LIMIT)
        return userAddress(machine, access);
    throw systemAddress(machine, access);
}
function nullPage({ kernel }, access) {
    const id = access.routine === undefined ? 'null-pointer' : 'bad-argument-pointer';
    kernel.report({ id, message: `${did(access)}, through a NULL pointer.` });
    return true;
}
function userAddress(machine, access) {
    const { kernel, threads } = machine;
    const owner = kernel.user.ownerOf(access.bad);
    const current = kernel.scheduler.current.process;
    const guarded = threads.sehHead !== 0;
    if (owner === null) {
        if (!guarded)
            reportUnguarded(kernel, access, 'nothing is mapped there');
        return true;
    }
    if (owner !== current) {
        const belongs = `belongs to the process ${owner.name}, but the code runs in ${current.name}`;
        kernel.report({
            id: 'user-address-wrong-process',
            message: `${did(access)}, a user-mode address that ${belongs}: nothing is mapped there.`,
        });
        return true;
    }
    const callback = threads.current?.callbacks.at(-1);
    if (callback?.kind === 'post' && callback.data !== null && !sameThreadAssured(callback)) {
        return inPostOperation(kernel, access, callback);
    }
    if (!guarded)
        reportUnguarded(kernel, access, 'another thread of the process may unmap it');
    return false;
}
function reportUnguarded(kernel, access, why) {
    kernel.report({
        id: 'user-address-unguarded',
        message: `${did(access)}, a user-mode address, outside any __try: ${why}.`,
    });
}
/** A post-create runs in the thread of the create (R-FLT-20). */
const sameThreadAssured = (callback) => callback.data?.iopb.parameters.operation.kind === 'create';
/** The right process for once. Is it the right data? */
function inPostOperation(kernel, access, callback) {
    const operation = callback.data?.operation;
    const pending = operation?.irp?.systemBuffer ?? 0;
    if (operation !== undefined && pending !== 0 && pending !== operation.systemBufferGoingDown) {
        kernel.report({
            id: 'stale-user-buffer',
            message: `${did(access)}, in the caller's buffer: the data is still in the system buffer ` +
                `${hex(pending)}; the I/O manager copies it after the last post-operation.`,
        });
        return false;
    }
    kernel.report({
        id: 'only-by-luck',
        message: `${did(access)}, in the caller's buffer: it is right only because the operation completed in ` +
            "the caller's own thread; a post-operation runs in an arbitrary thread.",
        evidence: 'I',
    });
    return false;
}
function systemAddress(machine, access) {
    const { kernel, memory } = machine;
    const block = kernel.pool.blockAt(access.bad);
    const shadow = memory.shadowOf(access.bad);
    const { irql } = kernel.scheduler.current;
    if (shadow > shadowKind.pageable && shadow <= shadowKind.pageable + 8 && irql > Irql.APC_LEVEL) {
        const what = block === null ? 'pageable memory' : `paged pool, ${blockText(block)}`;
        kernel.report({
            id: 'paged-access-at-dispatch',
            message: `${did(access)} at IRQL ${irql}: ${what}.`,
        });
        return atDispatch(access, irql);
    }
    const [found, message, code] = describe(access, block);
    const asArgument = found === 'wild-pointer' && access.routine !== undefined;
    const id = asArgument ? 'bad-argument-pointer' : found;
    kernel.report({ id, message: `${did(access)}: ${message}` });
    if (irql > Irql.APC_LEVEL)
        return atDispatch(access, irql);
    return new BugcheckSignal(code, [hex(access.bad), access.isWrite ? '0x1' : '0x0', '0x0', '0x0']);
}
/** 0xD1: memory referenced, IRQL, 1 for a write, address of the instruction (not known here). */
const atDispatch = (access, irql) => new BugcheckSignal(BugCheck.DRIVER_IRQL_NOT_LESS_OR_EQUAL, [
    hex(access.bad),
    `0x${irql.toString(16)}`,
    access.isWrite ? '0x1' : '0x0',
    '0x0',
]);
const blockText = (block) => `a block of ${block.length} bytes at ${hex(block.address)} with tag '${block.tag}'`;
function describe(access, block) {
    if (block === null) {
        return ['wild-pointer', 'nobody owns that memory.', BugCheck.PAGE_FAULT_IN_NONPAGED_AREA];
    }
    if (block.freed) {
        return [
            'use-after-free',
            `it lies in ${blockText(block)}, which was freed before.`,
            BugCheck.PAGE_FAULT_IN_FREED_SPECIAL_POOL,
        ];
    }
    const past = access.bad - (block.address + block.length);
    const where = past >= 0 ? `${past} bytes past the end of` : 'before the start of';
    return [
        'pool-overrun',
        `it lies ${where} ${blockText(block)}.`,
        BugCheck.PAGE_FAULT_BEYOND_END_OF_ALLOCATION,
    ];
}
