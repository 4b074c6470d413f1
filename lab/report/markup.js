// Text that comes from drivers, targets and files goes into markup only through here.
const entities = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
};
/** Safe in text and in quoted attributes of HTML and XML; control characters become "\x1B"-like text. */
export function escapeMarkup(text) {
    let safe = '';
    for (const character of text) {
        const code = character.codePointAt(0) ?? 0;
        const control = (code < 0x20 && code !== 0x0a && code !== 0x09) || code === 0xfffe || code === 0xffff;
        const surrogate = code >= 0xd800 && code <= 0xdfff;
        if (control || surrogate)
            safe += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
        else
            safe += entities[character] ?? character;
    }
    return safe;
}
