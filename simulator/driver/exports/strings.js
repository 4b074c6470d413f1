// ntoskrnl: counted strings.
import { NtStatus } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full } from '../binding.ts';
import { StringLayout } from '../layout.ts';
import { compareText, downcaseText, downcaseUnit, upcaseText, upcaseUnit } from '../upcase.ts';
import { writeUnicodeString } from '../unicodeString.ts';
const { PASSIVE_LEVEL } = Irql;
const STRING_TAG = 0x674e7253; // 'SrNg'
const LONGEST = 0xfffe;
/** Points a UNICODE_STRING or STRING at NUL-terminated text that stays where it is. */
function init(room, destination, source, text, unit, routine) {
    room.probe(destination, StringLayout.length, true, routine);
    const bytes = Math.min((text?.length ?? 0) * unit, LONGEST - unit);
    const maximum = text === null ? 0 : bytes + unit;
    writeUnicodeString(room, destination, source, text === null ? 0 : bytes, maximum);
}
function append(destination, text) {
    const at = destination.length;
    if (at + text.length * 2 > destination.maximumLength)
        return NtStatus.STATUS_BUFFER_TOO_SMALL;
    destination.put(text, at);
    return NtStatus.STATUS_SUCCESS;
}
/** Into the buffer that is there, or into one of the driver's pool that RtlFreeUnicodeString frees. */
function store(room, destination, text, allocates) {
    const bytes = text.length * 2;
    if (allocates) {
        const buffer = room.pool.allocate('paged', Math.max(bytes, 2), STRING_TAG, true);
        destination.describe(buffer, bytes, bytes);
    }
    else if (bytes > destination.maximumLength) {
        return NtStatus.STATUS_BUFFER_OVERFLOW;
    }
    destination.put(text);
    return NtStatus.STATUS_SUCCESS;
}
function hash(text, ignoreCase) {
    let value = 0;
    for (let index = 0; index < text.length; index += 1) {
        const unit = text.charCodeAt(index);
        value = (Math.imul(value, 65599) + (ignoreCase ? upcaseUnit(unit) : unit)) >>> 0;
    }
    return value;
}
function toInteger(text, base, value) {
    const [, sign = '', prefix = '', digits = ''] = /^[\0-\x20]*([-+]?)(0[xob])?([0-9a-z]*)/i.exec(text) ?? [];
    const radix = base !== 0 ? base : ({ '0x': 16, '0o': 8, '0b': 2 }[prefix.toLowerCase()] ?? 10);
    if (![2, 8, 10, 16].includes(radix))
        return NtStatus.STATUS_INVALID_PARAMETER;
    let number = 0;
    for (const digit of digits.toLowerCase()) {
        const one = Number.parseInt(digit, 36);
        if (one >= radix)
            break;
        number = (Math.imul(number, radix) + one) >>> 0;
    }
    value.set(sign === '-' ? -number >>> 0 : number);
    return NtStatus.STATUS_SUCCESS;
}
const narrow = (room, address, length) => String.fromCharCode(...room.memory.bytes(address, length));
const compareKinds = ['unicodeString', 'unicodeString', 'boolean'];
export const stringExports = {
    RtlInitUnicodeString: full(['address', 'address'], 'void', (room, destination, source) => {
        const text = source === 0 ? null : room.readText(source, 2, 'RtlInitUnicodeString');
        init(room, destination, source, text, 2, 'RtlInitUnicodeString');
    }),
    RtlInitUnicodeStringEx: full(['address', 'address'], 'status', (room, destination, source) => {
        const text = source === 0 ? null : room.readText(source, 2, 'RtlInitUnicodeStringEx');
        if (text !== null && text.length * 2 > LONGEST - 2)
            return NtStatus.STATUS_NAME_TOO_LONG;
        init(room, destination, source, text, 2, 'RtlInitUnicodeStringEx');
        return NtStatus.STATUS_SUCCESS;
    }),
    RtlInitAnsiString: full(['address', 'address'], 'void', (room, destination, source) => {
        const text = source === 0 ? null : room.readText(source, 1, 'RtlInitAnsiString');
        init(room, destination, source, text, 1, 'RtlInitAnsiString');
    }),
    RtlCopyUnicodeString: full(['unicodeString', 'optionalUnicodeString'], 'void', (_room, destination, source) => {
        const text = source?.read() ?? '';
        destination.put(text.slice(0, destination.maximumLength >>> 1));
    }),
    RtlAppendUnicodeStringToString: full(['unicodeString', 'unicodeString'], 'status', (_room, destination, source) => append(destination, source.read())),
    RtlAppendUnicodeToString: full(['unicodeString', 'optionalWideText'], 'status', (_room, destination, source) => append(destination, source ?? '')),
    RtlCompareUnicodeString: full(compareKinds, 'i32', (_room, a, b, ignoreCase) => compareText(a.read(), b.read(), ignoreCase)),
    RtlEqualUnicodeString: full(compareKinds, 'boolean', (_room, a, b, ignoreCase) => compareText(a.read(), b.read(), ignoreCase) === 0),
    RtlPrefixUnicodeString: full(compareKinds, 'boolean', (_room, prefix, whole, ignoreCase) => {
        const start = prefix.read();
        return compareText(start, whole.read().slice(0, start.length), ignoreCase) === 0;
    }),
    RtlUpcaseUnicodeString: full(['unicodeString', 'unicodeString', 'boolean'], 'status', (room, destination, source, allocates) => store(room, destination, upcaseText(source.read()), allocates), { irql: PASSIVE_LEVEL }),
    RtlDowncaseUnicodeString: full(['unicodeString', 'unicodeString', 'boolean'], 'status', (room, destination, source, allocates) => store(room, destination, downcaseText(source.read()), allocates), { irql: PASSIVE_LEVEL }),
    RtlUpcaseUnicodeChar: full(['u32'], 'u32', (_room, unit) => upcaseUnit(unit & 0xffff), {
        irql: PASSIVE_LEVEL,
    }),
    RtlDowncaseUnicodeChar: full(['u32'], 'u32', (_room, unit) => downcaseUnit(unit & 0xffff), {
        irql: PASSIVE_LEVEL,
    }),
    RtlFreeUnicodeString: full(['unicodeString'], 'void', (room, string) => {
        if (string.buffer !== 0)
            room.pool.free(string.buffer, 'RtlFreeUnicodeString');
        string.describe(0, 0, 0);
    }, { irql: PASSIVE_LEVEL }),
    RtlHashUnicodeString: full(['unicodeString', 'boolean', 'u32', 'out32'], 'status', (_room, string, ignoreCase, algorithm, value) => {
        if (algorithm > 1)
            return NtStatus.STATUS_INVALID_PARAMETER;
        value.set(hash(string.read(), ignoreCase));
        return NtStatus.STATUS_SUCCESS;
    }),
    RtlUnicodeStringToInteger: full(['unicodeString', 'u32', 'out32'], 'status', (_room, string, base, value) => toInteger(string.read(), base, value), { irql: PASSIVE_LEVEL }),
    RtlIntegerToUnicodeString: full(['u32', 'u32', 'unicodeString'], 'status', (room, value, base, string) => {
        const radix = base === 0 ? 10 : base;
        if (![2, 8, 10, 16].includes(radix))
            return NtStatus.STATUS_INVALID_PARAMETER;
        return store(room, string, value.toString(radix).toUpperCase(), false);
    }, { irql: PASSIVE_LEVEL }),
    RtlAnsiStringToUnicodeString: full(['unicodeString', 'unicodeString', 'boolean'], 'status', (room, destination, source, allocates) => {
        room.probe(source.buffer, source.length, false, 'RtlAnsiStringToUnicodeString');
        return store(room, destination, narrow(room, source.buffer, source.length), allocates);
    }, { irql: PASSIVE_LEVEL }),
};
