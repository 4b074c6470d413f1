// What every system service needs, and how each begins and ends.
import { BugCheck } from '../../../contract/windows/index.ts';
import { behind } from '../../kernel/apcBarriers.ts';
import { BugcheckSignal } from '../../kernel/kernel.ts';
export const processOf = ({ io }) => io.kernel.scheduler.current.process;
/** ObReferenceObjectByHandle for the current process. */
export const handleOf = (context, handle, access) => context.handles.lookUp(processOf(context), handle, access);
/**
 * A system service ("NtReadFile"): time moves on at its start, kernel APCs are delivered on the way
 * out.
 */
export async function service({ io }, routine, shown, body) {
    const { clock, scheduler, debug } = io.kernel;
    clock.tick();
    const frame = debug === null ? undefined : enterService(debug, routine, shown);
    const { criticalRegions } = scheduler.current;
    const result = await body();
    debug?.leave(frame);
    if (scheduler.current.criticalRegions !== criticalRegions && shown.mode !== 'kernel') {
        throw mismatch(io.kernel, routine);
    }
    if (scheduler.apcDeliverable)
        await scheduler.deliverApcs();
    return result;
}
/**
 * A thread may not go back to user mode inside a region that somebody entered and never left.
 * Models: bug check 0x1 of KiServiceExit: the address of the service, the APC state index, the two
 * counts of disabled APCs (KernelApcDisable is negative), a system call.
 */
function mismatch(kernel, routine) {
    const thread = kernel.scheduler.current;
    const culprit = behind(thread, 'critical region');
    const by = culprit === null ? 'somebody' : culprit.name();
    kernel.report({
        id: 'region-not-left',
        message: `${routine} returns to user mode inside a critical region that ${by} entered.`,
        stack: culprit?.stack() ?? [],
    });
    const counts = (-thread.criticalRegions & 0xffff) | (-thread.guardedRegions << 16);
    const shown = `0x${(counts >>> 0).toString(16).padStart(8, '0')}`;
    return new BugcheckSignal(BugCheck.APC_INDEX_MISMATCH, [routine, '0x0', shown, '0x0']);
}
/** From user mode by way of ntdll; a driver's Zw… routine is on the stack already. */
function enterService(debug, routine, shown) {
    const { mode, handle = 0, buffer = 0, length = 0 } = shown;
    const values = buffer === 0 ? [handle] : [handle, 0, 0, 0, 0, buffer, Number(length)];
    let outermost;
    if (mode !== 'kernel') {
        outermost = debug.enter(`ntdll!${routine}`, ...values);
        debug.enter('ntdll!KiFastSystemCallRet');
    }
    const entry = debug.enter('nt!KiFastCallEntry');
    debug.enter(`nt!${routine}`, ...values);
    return outermost ?? entry;
}
/** What the service returns, with the rules behind it. */
export function because({ io }, result, ...rules) {
    io.kernel.because(...rules);
    return result;
}
/** A status block that is written right away, without any request. */
export function writeIosb(iosb, status, information) {
    if (iosb !== null)
        Object.assign(iosb, { status, information, written: true });
    return status;
}
