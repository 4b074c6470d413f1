// What clang says, as data: file:line:column:{ranges}: severity: message [-Wflag,category].
/** The source line and the caret under it. */
const SNIPPET = /^ *\d* \| /;
const HEAD = /^(?<file>[^\n]+?):(?<line>\d+):(?<column>\d+):(?<ranges>(?:\{[\d:-]+\})*)(?::)? (?<severity>fatal error|error|warning|note): (?<message>.*)$/;
const PLACELESS = /^(?<severity>fatal error|error|warning): (?<message>.*)$/;
const SUFFIX = / \[(?<inside>[^[\]]*)\]$/;
const RANGE = /\{(\d+):(\d+)-(\d+):(\d+)\}/g;
const FIX = /^fix-it:"(?<file>.*)":\{(\d+):(\d+)-(\d+):(\d+)\}:"(?<text>.*)"$/;
/** Parses the whole output of one unit; `nameOf` turns the compiler's paths into the sample's. */
export function parseDiagnostics(output, nameOf = (path) => path) {
    const found = [];
    for (const line of output.split('\n')) {
        if (SNIPPET.test(line))
            continue;
        const fix = FIX.exec(line);
        const last = found.at(-1);
        if (fix?.groups !== undefined && last !== undefined) {
            found[found.length - 1] = { ...last, fixes: [...(last.fixes ?? []), readFix(fix)] };
            continue;
        }
        const diagnostic = readLine(line, nameOf);
        if (diagnostic !== undefined)
            found.push(diagnostic);
    }
    return found;
}
function readLine(text, nameOf) {
    const head = HEAD.exec(text)?.groups;
    if (head !== undefined) {
        const { file = '', line, column, ranges = '', severity = '', message = '' } = head;
        return {
            file: nameOf(file),
            line: Number(line),
            column: Number(column),
            ...readEnd(ranges, Number(line), Number(column)),
            ...readMessage(severity, message),
        };
    }
    const placeless = PLACELESS.exec(text)?.groups;
    if (placeless === undefined)
        return undefined;
    const { severity = '', message = '' } = placeless;
    return { file: '', line: 0, column: 0, ...readMessage(severity, message) };
}
function readMessage(severity, text) {
    const inside = SUFFIX.exec(text)?.groups?.['inside'];
    const parts = inside?.split(',') ?? [];
    const flags = parts.filter((part) => part.startsWith('-W'));
    // "-Werror,-Wname" names the group second.
    const flag = flags.find((one) => one !== '-Werror');
    const category = parts.find((part) => !part.startsWith('-W'));
    return {
        severity: severity === 'fatal error' ? 'error' : severity,
        message: inside === undefined ? text : text.replace(SUFFIX, ''),
        ...(flag === undefined ? {} : { flag }),
        ...(category === undefined ? {} : { category }),
    };
}
/** The end of the range that begins at the place, else of one that covers it. */
function readEnd(text, line, column) {
    const ranges = [...text.matchAll(RANGE)].map((match) => match.slice(1).map(Number));
    const covering = ranges.filter(([fromLine = 0, fromColumn = 0, toLine = 0, toColumn = 0]) => (fromLine < line || (fromLine === line && fromColumn <= column)) &&
        (toLine > line || (toLine === line && toColumn > column)));
    const exact = covering.find((one) => one[0] === line && one[1] === column);
    const [, , endLine, endColumn] = exact ?? covering[0] ?? [];
    return endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn };
}
function readFix(match) {
    const [line = 0, column = 0, endLine = 0, endColumn = 0] = match.slice(2, 6).map(Number);
    const text = (match.groups?.['text'] ?? '').replace(/\\(["\\nt]|[0-7]{3})/g, unescape);
    return { line, column, endLine, endColumn, text };
}
function unescape(_whole, escaped) {
    if (escaped === 'n')
        return '\n';
    if (escaped === 't')
        return '\t';
    return escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped;
}
/** One line for people, in the form that editors and terminals know how to jump to. */
export function formatDiagnostic(diagnostic) {
    const { file, line, column, severity, message, flag } = diagnostic;
    const place = file === '' ? '' : `${file}:${line}:${column}: `;
    return `${place}${severity}: ${message}${flag === undefined ? '' : ` [${flag}]`}`;
}
