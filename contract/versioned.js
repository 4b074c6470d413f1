import { LabError } from './errors/labError.ts';
export function parseVersioned(format, document) {
    if (typeof document !== 'object' || document === null || Array.isArray(document)) {
        return { ok: false, why: { kind: 'not-an-object' } };
    }
    let current = document;
    const version = current[format.kind];
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
        return { ok: false, why: { kind: 'no-version' } };
    }
    if (version > format.current) {
        return { ok: false, why: { kind: 'newer', found: version, current: format.current } };
    }
    for (const upgrade of format.upgrades.slice(version - 1))
        current = upgrade(current);
    const result = format.schema.safeParse(current);
    if (result.success)
        return { ok: true, value: result.data };
    const complaints = result.error.issues.map((issue) => ({
        path: issue.path.map(String).join('.'),
        message: issue.message,
    }));
    return { ok: false, why: { kind: 'invalid', complaints } };
}
/** The document, or a LabError that says what is wrong with `what` (a path or a title). */
export function parseOrThrow(format, document, what, code = 'file.invalid') {
    const parsed = parseVersioned(format, document);
    if (parsed.ok)
        return parsed.value;
    throw refusalError(format, parsed.why, what, code);
}
function refusalError(format, why, what, code) {
    switch (why.kind) {
        case 'newer':
            return new LabError('file.newer-version', {
                problem: `${what} is a ${format.kind} of version ${why.found}; this FltLab reads up to ${why.current}.`,
                remedy: 'Update FltLab, or write the file again with this one.',
            });
        case 'not-an-object':
            return new LabError(code, {
                problem: `${what} is not a JSON object.`,
                remedy: `Write it as { "${format.kind}": ${format.current}, … }.`,
            });
        case 'no-version':
            return new LabError(code, {
                problem: `${what} does not say its version.`,
                remedy: `Begin it with "${format.kind}": ${format.current}.`,
            });
        case 'invalid': {
            const first = why.complaints[0];
            const more = why.complaints.length > 1 ? ` (and ${why.complaints.length - 1} more)` : '';
            return new LabError(code, {
                problem: `${what}: ${first?.path ? `at "${first.path}": ` : ''}${first?.message ?? 'invalid'}${more}.`,
                remedy: 'Mend the file; the schema is described in docs/formats.md.',
                detail: why.complaints.map((one) => `${one.path || '(top)'}: ${one.message}`).join('\n'),
            });
        }
    }
}
