// An INF file as sections of lines, each with its number: enough to check one, not to install it.
// Sections of one name are one; names have no case; %tokens% of [Strings] are put in.
export function parseInf(text) {
    const raw = new Map();
    let section;
    for (const [index, row] of logicalLines(text)) {
        const name = /^\[([^\]]+)\]/.exec(row)?.[1]?.trim().toLowerCase();
        if (name !== undefined) {
            section = raw.get(name) ?? [];
            raw.set(name, section);
        }
        else if (row !== '')
            section?.push({ line: index, text: row });
    }
    const strings = new Map((raw.get('strings') ?? []).flatMap(({ text: row }) => {
        const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(row) ?? [];
        return key === undefined ? [] : [[key.toLowerCase(), unquoted(value ?? '')]];
    }));
    const unknownTokens = [];
    const expand = (value, line) => value.replace(/%([^%\s]*)%/g, (whole, token) => {
        if (token === '')
            return '%';
        const known = strings.get(token.toLowerCase());
        // A number is a directory (dirid), which Windows explains.
        if (known === undefined && !/^-?\d+$/.test(token))
            unknownTokens.push({ token, line });
        return known ?? whole;
    });
    const sections = new Map([...raw].map(([name, rows]) => [
        name,
        name === 'strings' ? [] : rows.map(({ line, text: row }) => splitLine(row, line, expand)),
    ]));
    return { sections, unknownTokens };
}
/** Without comments; a line that ends in a backslash goes on in the next. */
function logicalLines(text) {
    const found = [];
    let held;
    for (const [index, row] of text
        .replace(/^\ufeff/, '')
        .split(/\r?\n/)
        .entries()) {
        const plain = withoutComment(row).trim();
        const [line, begun] = held ?? [index + 1, ''];
        if (plain.endsWith('\\') && !plain.includes('"')) {
            held = [line, begun + plain.slice(0, -1)];
            continue;
        }
        held = undefined;
        found.push([line, begun + plain]);
    }
    return found;
}
function withoutComment(row) {
    let quoted = false;
    for (const [at, character] of [...row].entries()) {
        if (character === '"')
            quoted = !quoted;
        if (character === ';' && !quoted)
            return row.slice(0, at);
    }
    return row;
}
function splitLine(row, line, expand) {
    const [, key, rest] = /^("[^"]*"|[^=",]+?)\s*=\s*(.*)$/.exec(row) ?? [];
    const values = splitValues(key === undefined ? row : (rest ?? ''));
    return {
        line,
        key: key === undefined ? undefined : expand(unquoted(key), line),
        values: values.map((value) => expand(value, line)),
    };
}
/** By commas outside quotes; parts of one value may be quoted and beside each other. */
function splitValues(text) {
    const parts = text.match(/(?:"[^"]*"|[^,"])+|(?<=,)(?=,|$)|^(?=,)/g) ?? [];
    return parts.map((part) => part.trim().replaceAll('"', ''));
}
const unquoted = (text) => text.trim().replace(/^"(.*)"$/, '$1');
