// The format language of DbgPrint, as far as drivers use it: flags, width, precision, the size prefixes
// h l ll w I32 I64 I, and the conversions d i u x X o c C s S Z p %. Floating point is refused, as the
// kernel's own formatter does not take it at raised IRQL and no driver should.
const DIRECTIVE = /%([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]+)?)?(h|ll|l|w|I64|I32|I)?([a-zA-Z%])/g;
const NO_LIMIT = 512;
/** DbgPrint prints at most 512 bytes at a time. */
export function formatDebugText(format, values) {
    const text = format.replace(DIRECTIVE, (whole, flags, width, precision, size, conversion = '') => {
        if (conversion === '%')
            return '%';
        const number = (written) => written === '*' ? values.u32() | 0 : Number(written ?? 0);
        const wide = number(width);
        const hasPoint = /\.(\*|[0-9]*)(h|ll|l|w|I64|I32|I)?[a-zA-Z]$/.test(whole);
        const directive = {
            flags: wide < 0 ? `${flags}-` : flags,
            width: Math.abs(wide),
            precision: hasPoint ? number(precision) : null,
            size: size ?? '',
            conversion,
        };
        const body = convert(directive, values);
        return body === null ? whole : pad(directive, body);
    });
    return text.slice(0, NO_LIMIT);
}
/** Null for a conversion that is not one. */
function convert(directive, values) {
    const { conversion, size, precision } = directive;
    const limit = precision ?? NO_LIMIT;
    switch (conversion) {
        case 'd':
        case 'i':
            return decimal(signedValue(size, values), directive);
        case 'u':
            return digits(unsignedValue(size, values), 10, directive);
        case 'x':
            return hexadecimal(unsignedValue(size, values), directive);
        case 'X':
            return hexadecimal(unsignedValue(size, values), directive).toUpperCase().replace('0X', '0x');
        case 'o':
            return digits(unsignedValue(size, values), 8, directive);
        case 'p':
            return values.u32().toString(16).toUpperCase().padStart(8, '0');
        case 'c':
        case 'C':
            return String.fromCharCode(values.u32() & (isWide(directive) ? 0xffff : 0xff));
        case 's':
        case 'S':
            return isWide(directive)
                ? orNull(values.u32(), (at) => values.wideText(at, limit))
                : orNull(values.u32(), (at) => values.text(at, limit));
        case 'Z':
            return size === 'w'
                ? orNull(values.u32(), (at) => values.countedWideText(at))
                : orNull(values.u32(), (at) => values.countedText(at));
        default:
            return null;
    }
}
/** %ws %ls %S are wide in a narrow format; %hs %hS are not. */
function isWide({ conversion, size }) {
    if (size === 'w' || size === 'l')
        return true;
    if (size === 'h')
        return false;
    return conversion === 'S' || conversion === 'C';
}
const orNull = (address, read) => address === 0 ? '(null)' : read(address);
const is64 = (size) => size === 'll' || size === 'I64';
function unsignedValue(size, values) {
    if (is64(size))
        return values.u64();
    const value = values.u32();
    return BigInt(size === 'h' ? value & 0xffff : value >>> 0);
}
function signedValue(size, values) {
    if (is64(size))
        return BigInt.asIntN(64, values.u64());
    const value = values.u32();
    return BigInt(size === 'h' ? (value << 16) >> 16 : value | 0);
}
function digits(value, base, { precision }) {
    return value.toString(base).padStart(precision ?? 1, '0');
}
function decimal(value, directive) {
    const body = digits(value < 0n ? -value : value, 10, directive);
    if (value < 0n)
        return `-${body}`;
    if (directive.flags.includes('+'))
        return `+${body}`;
    return directive.flags.includes(' ') ? ` ${body}` : body;
}
function hexadecimal(value, directive) {
    const body = digits(value, 16, directive);
    return directive.flags.includes('#') && value !== 0n ? `0x${body}` : body;
}
function pad({ flags, width, precision, conversion }, body) {
    if (flags.includes('-'))
        return body.padEnd(width, ' ');
    const numeric = 'diuxXo'.includes(conversion);
    if (!flags.includes('0') || !numeric || precision !== null)
        return body.padStart(width, ' ');
    const sign = /^([-+ ]|0x)?/i.exec(body)?.[0] ?? '';
    return sign + body.slice(sign.length).padStart(width - sign.length, '0');
}
