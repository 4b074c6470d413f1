export function parseLinkOutput(output) {
    const messages = [];
    for (const line of output.split('\n')) {
        const head = /^wasm-ld: (error|warning): (.*)$/.exec(line);
        if (head !== null) {
            const severity = head[1] === 'error' ? 'error' : 'warning';
            messages.push({ severity, text: head[2] ?? '', details: [] });
        }
        else if (line.startsWith('>>> ')) {
            messages.at(-1)?.details.push(line.slice(4));
        }
    }
    return messages;
}
const DUPLICATE = /^duplicate symbol: (\S+)$/;
const SIGNATURE = /^function signature mismatch: (\S+)$/;
const DEFINED = /^defined (?:as (?<type>.*) )?in (?<object>\S+)$/;
/** Objects are named after their units. */
const unitOf = (object) => object.replace(/\.o$/, '');
/** True if the only complaint is of names that several objects define. */
export const onlyDuplicates = (messages) => {
    const errors = messages.filter((one) => one.severity === 'error');
    return errors.length > 0 && errors.every((one) => DUPLICATE.test(one.text));
};
/** `isUnit` tells units of the driver from those of the runtime, which a driver may replace. */
export function toDiagnostics(messages, isUnit) {
    return messages.flatMap((message) => {
        const places = message.details.flatMap((line) => {
            const groups = DEFINED.exec(line)?.groups;
            return groups === undefined ? [] : [groups];
        });
        const units = places.map((one) => unitOf(one['object'] ?? ''));
        const duplicate = DUPLICATE.exec(message.text)?.[1];
        if (duplicate !== undefined) {
            if (!units.every(isUnit))
                return [];
            return [
                say('warning', units.at(-1) ?? '', `${duplicate} is defined in ${units.join(' and in ')}; the linker of Windows accepts ` +
                    'that only of inline functions and of variables without an initial value'),
            ];
        }
        const mismatched = SIGNATURE.exec(message.text)?.[1];
        if (mismatched !== undefined) {
            const types = places.map((one, at) => `${one['type'] ?? '?'} in ${units[at] ?? '?'}`);
            const what = `${mismatched} is declared with different types: ${types.join(', ')}`;
            return [say('warning', units.find(isUnit) ?? '', `${what}; calling it traps`)];
        }
        return [say(message.severity, '', [message.text, ...message.details].join('; '))];
    });
}
const say = (severity, file, message) => ({
    file,
    line: file === '' ? 0 : 1,
    column: file === '' ? 0 : 1,
    severity,
    message,
    category: 'Link Issue',
});
