// How driver code ends when it does not return: out of fuel, out of stack, a smashed frame, an unhandled
// exception, a trap. Each is told at its line, then the machine stops.
import { BugCheck, NtStatus, ntStatusName } from '../../contract/windows/index.ts';
import { exhaustedKind, unsupportedKind } from '../image/index.ts';
import { BugcheckSignal, HangSignal, NotModelledSignal } from '../kernel/kernel.ts';
const hex = (value) => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
const at = (place) => place === undefined ? 'at an unknown line' : `at ${place.file}:${place.line}`;
/** fltlab.exhausted: 1 fuel, 2 stack. Models: the double fault of a kernel stack overflow. */
export function exhausted(kernel, kind, stack) {
    const { name } = kernel.scheduler.current;
    const where = at(stack[0]);
    if (kind === exhaustedKind.fuel) {
        const message = `${name} runs on without end ${where}.`;
        kernel.report({ id: 'endless-loop', message, stack });
        return new HangSignal([`${name} runs on without end ${where}`]);
    }
    kernel.report({
        id: 'endless-recursion',
        message: `${name} has used up its kernel stack ${where}, ${stack.length} calls deep.`,
        stack,
    });
    return new BugcheckSignal(BugCheck.UNEXPECTED_KERNEL_MODE_TRAP, ['0x8', '0x0', '0x0', '0x0']);
}
/** fltlab.smashed. Models: __report_gsfailure. */
export function smashed(kernel, stack) {
    const called = stack[0]?.function ?? 'A function';
    const message = `${called} returns, and something has overwritten the guard behind its locals.`;
    kernel.report({ id: 'stack-overrun', message, stack });
    return new BugcheckSignal(BugCheck.DRIVER_OVERRAN_STACK_BUFFER, ['0x0', '0x0', '0x0', '0x0']);
}
/**
 * Models: KiDispatchException for an exception that nothing handles: 0x7E in a system thread, 0x8E
 * elsewhere. The second parameter is the address that was touched where there is one.
 */
export function unhandled(kernel, status, address) {
    const system = kernel.scheduler.current.process.name === 'System';
    const code = system
        ? BugCheck.SYSTEM_THREAD_EXCEPTION_NOT_HANDLED
        : BugCheck.KERNEL_MODE_EXCEPTION_NOT_HANDLED;
    return new BugcheckSignal(code, [hex(status), hex(address), '0x0', '0x0']);
}
export function reportUnhandled(kernel, status, stack) {
    const name = ntStatusName(status);
    const message = `The exception ${name} was raised and no __except of the driver takes it.`;
    kernel.report({ id: 'unhandled-exception', message, stack });
}
/** fltlab.unsupported: SEH that the rewritten source cannot do as Windows would. */
export function unsupported(kind) {
    const what = kind === unsupportedKind.continueExecution
        ? 'EXCEPTION_CONTINUE_EXECUTION from a filter that reads local variables'
        : 'a filter that reads local variables, outside a __finally';
    return new NotModelledSignal(what);
}
/** What V8 says of a trap → what it is. The texts are part of the engine that package.json pins. */
const traps = [
    [
        /signature mismatch|null function/,
        'wrong-prototype',
        'A function was called through a pointer that is NULL or points to a function of another type.',
        NtStatus.STATUS_ACCESS_VIOLATION,
    ],
    [
        /table index/,
        'wild-pointer',
        'A function was called through a pointer that points to no function.',
        NtStatus.STATUS_ACCESS_VIOLATION,
    ],
    [
        /divide by zero/,
        'machine-trap',
        'An integer was divided by zero.',
        NtStatus.STATUS_INTEGER_DIVIDE_BY_ZERO,
    ],
    [
        /divide result|unrepresentable/,
        'machine-trap',
        'The result of a division does not fit.',
        NtStatus.STATUS_INTEGER_OVERFLOW,
    ],
    [
        /memory access/,
        'wild-pointer',
        'Memory was touched that does not exist on this machine.',
        NtStatus.STATUS_ACCESS_VIOLATION,
    ],
];
/** A WebAssembly trap, told and turned into the bug check that the same mistake ends in. */
export function trapped(kernel, error, stack) {
    const known = traps.find(([text]) => text.test(error.message));
    const [, id, message, status] = known ?? [
        null,
        'machine-trap',
        `The driver trapped: ${error.message}.`,
        NtStatus.STATUS_BREAKPOINT,
    ];
    kernel.report({ id, message, stack });
    return unhandled(kernel, status, 0);
}
