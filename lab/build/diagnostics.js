// What clang and lld-link print, as a structure. clang runs with -fno-caret-diagnostics and without
// colours, so a diagnostic is one line; lines of other forms ("In file included from") are context.
import { isAbsolute, relative, sep } from 'node:path';
const LOCATED = /^(?<file>.+?):(?<line>\d+):(?<column>\d+): (?<kind>fatal error|error|warning|note): (?<text>.*)$/;
const UNLOCATED = /^(?:[\w./\\-]*clang[\w.-]*): (?<kind>fatal error|error|warning|note): (?<text>.*)$/;
const FLAG = /^(?<message>.*) \[(?:-Werror,)?(?<flag>-W[^\],]+)(?:,[^\]]*)?\]$/;
/** Diagnostics of one run of clang, in its order. Files under `folder` become relative to it. */
export function parseClang(output, folder) {
    return output.split(/\r?\n/).flatMap((line) => {
        const located = LOCATED.exec(line)?.groups;
        const groups = located ?? UNLOCATED.exec(line)?.groups;
        if (groups === undefined)
            return [];
        const text = groups['text'] ?? '';
        const flagged = FLAG.exec(text)?.groups;
        return [
            {
                ...(located === undefined ? {} : placeOf(located, folder)),
                severity: severityOf(groups['kind']),
                message: flagged?.['message'] ?? text,
                ...(flagged?.['flag'] === undefined ? {} : { flag: flagged['flag'] }),
            },
        ];
    });
}
function placeOf(groups, folder) {
    return {
        file: withinFolder(groups['file'] ?? '', folder),
        line: Number(groups['line']),
        column: Number(groups['column']),
    };
}
const severityOf = (kind) => kind === 'warning' || kind === 'note' ? kind : 'error';
/** Relative to the folder with "/" when it lies in it, else as it is. */
export function withinFolder(file, folder) {
    const shown = isAbsolute(file) ? relative(folder, file) : file;
    const outside = shown.startsWith('..') || isAbsolute(shown);
    return outside ? file : shown.split(sep).join('/').replace(/^\.\//, '');
}
const LLD_PROBLEM = /^(?:[\w./\\-]*lld-link[\w.-]*): (?<kind>error|warning): (?<text>.*)$/;
const LLD_UNDEFINED = /^(?:<root>: )?undefined symbol: (?<symbol>.*)$/;
const LLD_REFERENCE = /^>>> referenced by (?<object>.+?):\((?<routine>.*)\)$/;
/**
 * Diagnostics of one run of lld-link. An undefined symbol carries the flag "undefined-symbol" and
 * its name alone as the message; the routines that use it follow as notes. `sourceOf` names the
 * source of an object file.
 */
export function parseLld(output, sourceOf) {
    return output.split(/\r?\n/).flatMap((line) => {
        const problem = LLD_PROBLEM.exec(line)?.groups;
        if (problem !== undefined) {
            return [lldDiagnostic(severityOf(problem['kind']), problem['text'] ?? '')];
        }
        const reference = LLD_REFERENCE.exec(line)?.groups;
        if (reference === undefined)
            return [];
        const file = sourceOf(reference['object'] ?? '');
        const message = `used in ${reference['routine'] ?? ''}`;
        return [{ ...(file === undefined ? {} : { file }), severity: 'note', message }];
    });
}
function lldDiagnostic(severity, text) {
    const symbol = LLD_UNDEFINED.exec(text)?.groups?.['symbol'];
    if (symbol === undefined)
        return { severity, message: text };
    return {
        severity,
        message: symbol.replace(/^__declspec\(dllimport\) /, ''),
        flag: 'undefined-symbol',
    };
}
/** "dirnotify.c:12:3: error: …", as an editor or a terminal makes a link of it. */
export function formatDiagnostic(diagnostic) {
    const { file, line, column, severity, message, flag } = diagnostic;
    const place = [file, line, column].filter((each) => each !== undefined).join(':');
    const text = flag === 'undefined-symbol' ? `undefined symbol: ${message}` : message;
    const suffix = flag === undefined || flag === 'undefined-symbol' ? '' : ` [${flag}]`;
    return `${place === '' ? '' : `${place}: `}${severity}: ${text}${suffix}`;
}
