// ntoskrnl: debug output, assertions, exceptions and bug checks.
import { NtStatus } from '../../../contract/windows/index.ts';
import { BugcheckSignal } from '../../kernel/kernel.ts';
import { full } from '../binding.ts';
import { formatDebugText } from '../debugPrint.ts';
import { UnicodeString } from '../unicodeString.ts';
function formatArguments(room, values) {
    return {
        u32: () => values.u32(),
        u64: () => values.u64(),
        text: (address, limit) => room.readText(address, 1, 'DbgPrint', limit),
        wideText: (address, limit) => room.readText(address, 2, 'DbgPrint', limit),
        countedWideText: (address) => new UnicodeString(room, address, 'DbgPrint').read(),
        countedText: (address) => {
            const string = new UnicodeString(room, address, 'DbgPrint');
            room.probe(string.buffer, string.length, false, 'DbgPrint');
            return String.fromCharCode(...room.memory.bytes(string.buffer, string.length));
        },
    };
}
function print(room, format, values) {
    const text = formatDebugText(format, formatArguments(room, values));
    room.kernel.trace.emit({ kind: 'debug-print', driver: room.input.name, text });
    return NtStatus.STATUS_SUCCESS;
}
const hex = (value) => `0x${value.toString(16)}`;
export const debuggingExports = {
    DbgPrint: full(['text', 'varargs'], 'status', print),
    DbgPrintEx: full(['u32', 'u32', 'text', 'varargs'], 'status', (room, _id, _level, format, values) => print(room, format, values)),
    vDbgPrintEx: full(['u32', 'u32', 'text', 'varargs'], 'status', (room, _id, _level, format, all) => print(room, format, all)),
    RtlAssert: full(['text', 'text', 'u32', 'address'], 'void', (room, condition, file, line, why) => {
        const told = why === 0 ? '' : ` ${room.readText(why, 1, 'RtlAssert')}`;
        room.kernel.report({
            id: 'assertion-failed',
            message: `An assertion of the driver's own failed: ${condition}.${told}`,
        });
        const text = `*** Assertion failed: ${condition}\n***   Source File: ${file}, line ${line}\n`;
        room.kernel.trace.emit({ kind: 'debug-print', driver: room.input.name, text });
    }),
    DbgBreakPoint: full([], 'void', (room) => {
        room.tell('ntoskrnl', 'DbgBreakPoint', [], 'no debugger is attached: it goes on');
    }),
    ExRaiseStatus: full(['u32'], 'void', (room, status) => room.raise(status)),
    ExRaiseAccessViolation: full([], 'void', (room) => room.raise(NtStatus.STATUS_ACCESS_VIOLATION)),
    ExRaiseDatatypeMisalignment: full([], 'void', (room) => room.raise(NtStatus.STATUS_DATATYPE_MISALIGNMENT)),
    KeBugCheck: full(['u32'], 'void', (_room, code) => {
        throw new BugcheckSignal(code, ['0x0', '0x0', '0x0', '0x0']);
    }),
    KeBugCheckEx: full(['u32', 'u32', 'u32', 'u32', 'u32'], 'void', (_room, code, ...parameters) => {
        throw new BugcheckSignal(code, parameters.map(hex));
    }),
};
