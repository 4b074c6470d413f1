const PROTOTYPE = /^(?<returns>[A-Za-z_][\w ]*?[ *]+)(?:FLTAPI|NTAPI|FASTCALL|NTAPI_INLINE|__cdecl|CDECL|FORCEINLINE)\s+(?<name>[A-Za-z_]\w*)\s*\((?<parameters>[^;{}]*)\)\s*;/gm;
/** Comments and preprocessor lines say nothing here; lines keep their ends. */
const bare = (text) => text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/[^\n]*/g, '')
    .replaceAll(/^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$/gm, '');
export function readPrototypes(text, header) {
    return [...bare(text).matchAll(PROTOTYPE)].map(({ groups = {} }) => {
        const { parameters = '', returns = '', name = '' } = groups;
        const parts = splitParameters(parameters);
        return {
            name,
            header,
            returns: returns.trim(),
            parameters: parts.filter((one) => one !== '...').map(readParameter),
            variadic: parts.includes('...'),
        };
    });
}
function splitParameters(text) {
    const flat = text.replaceAll(/\s+/g, ' ').trim();
    if (flat === '' || flat === 'VOID' || flat === 'void')
        return [];
    const parts = [];
    let depth = 0;
    let current = '';
    for (const character of flat) {
        if (character === '(')
            depth += 1;
        if (character === ')')
            depth -= 1;
        if (character === ',' && depth === 0) {
            parts.push(current.trim());
            current = '';
        }
        else
            current += character;
    }
    return [...parts, current.trim()];
}
function readParameter(text) {
    const match = /^(?<type>.*?[ *])(?<name>[A-Za-z_]\w*)(?<array>\[[^\]]*\])?$/.exec(text);
    if (match?.groups === undefined)
        return { type: text, name: '' };
    const { type = '', name = '', array = '' } = match.groups;
    return { type: `${type.trim()}${array}`, name };
}
/** Macros that have a value, enumerators, and names of types. */
export function readWords(text) {
    const words = [];
    for (const [, name = '', value = ''] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+([A-Z_][A-Z0-9_]{2,})[ \t]+(\S[^\n\\]*)$/gm)) {
        words.push({ name, kind: 'macro', text: `#define ${name} ${value.trim()}` });
    }
    const code = bare(text);
    for (const [, body = '', type = ''] of code.matchAll(/typedef\s+enum\s*\w*\s*\{([^}]*)\}\s*(\w+)/g)) {
        for (const [, name = ''] of body.matchAll(/^\s*([A-Za-z_]\w*)/gm)) {
            words.push({ name, kind: 'constant', text: `${name} of ${type}` });
        }
        words.push({ name: type, kind: 'type', text: `enum ${type}` });
    }
    for (const [, kind = '', name = ''] of code.matchAll(/typedef\s+(struct|union)\s+_(\w+)\s*\{/g)) {
        words.push({ name, kind: 'type', text: `${kind} ${name}` });
        words.push({ name: `P${name}`, kind: 'type', text: `${kind} ${name} *` });
    }
    return words;
}
