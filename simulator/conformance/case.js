/** What a case cannot be used for, and why; ends its translation. */
export class CaseRefusal extends Error {
    name = 'CaseRefusal';
    kind;
    constructor(kind, reason) {
        super(reason);
        this.kind = kind;
    }
}
export const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNames = (value) => Array.isArray(value) && value.every((one) => typeof one === 'string');
/** The cases of a file, in order. Throws CaseRefusal for a line that is none. */
export function parseCases(text) {
    return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line, index) => parseCase(JSON.parse(line), `line ${index + 1}`));
}
export function parseCase(document, where) {
    if (!isRecord(document))
        throw new CaseRefusal('failed', `${where} is not an object`);
    const text = (key) => {
        const value = document[key];
        if (typeof value === 'string')
            return value;
        throw new CaseRefusal('failed', `${where}: "${key}" is not a text`);
    };
    const { os, os_assumed: assumed = [], setup, expected, note } = document;
    if (!isNames(os) || !isNames(assumed) || !Array.isArray(setup) || !isRecord(expected)) {
        throw new CaseRefusal('failed', `${where}: "os", "setup" or "expected" has another shape`);
    }
    return {
        id: text('id'),
        family: text('family'),
        os,
        assumed,
        setup,
        action: document['action'],
        expected,
        source: text('source'),
        evidence: text('evidence'),
        note: typeof note === 'string' ? note : '',
    };
}
/** The profiles that play a Windows version; Windows 8 has none and is only reported. */
const profilesByOs = {
    XP: ['winxp'],
    '2003': ['win2003'],
    Vista: ['vista'],
    '7': ['win7', 'win2008r2'],
    '8': [],
    '8.1': ['win81'],
    '10': ['win10'],
    '11': ['win11'],
};
export const profilesOf = ({ os }) => os.flatMap(profilesNamed);
/** Throws CaseRefusal for a name that no Windows has. */
export function profilesNamed(name) {
    const profiles = profilesByOs[name];
    if (profiles === undefined)
        throw new CaseRefusal('failed', `unknown Windows "${name}"`);
    return profiles;
}
/** Inferred, unsure or second-hand: a miss is reported, not counted. */
export const isSoft = ({ evidence }) => ['I', 'U', '2'].includes(evidence);
