// dt, ??, ?, dv, .effmach: structures, variables, values.
import { addressText, baseText, fieldLines, notOnAmd64, pathLines, typeText, valueText, } from '../display.ts';
import { evaluateCpp, numericValue } from '../expression/cpp.ts';
import { evaluateMasm } from '../expression/masm.ts';
import { findVariable, placed } from '../expression/scope.ts';
import { cannotResolve, hex8, KdError, symbolNotFound, syntaxError } from '../failure.ts';
/** "dt [-r[n]] [address] type [fields…] [address]", in the orders that kd takes. */
function parseDt(looking, text) {
    let depth = 0;
    const words = splitWords(text).filter((word) => {
        const option = /^-(?:r(\d*)|[bvosan]+)$/.exec(word);
        if (option !== null && word.startsWith('-r'))
            depth = Number(option[1] === '' ? 32 : option[1]);
        return option === null;
    });
    if (words.length === 0)
        throw syntaxError('');
    const looksLikeAddress = (word) => /^(0x)?[0-9a-f`]+([-+*].*)?$/i.test(word) || /^(@|poi\(|\()/i.test(word);
    const isType = (word) => isTypeName(looking, word);
    let address = null;
    let rest = words;
    const [first = '', ...after] = words;
    if (looksLikeAddress(first) && !isType(first)) {
        address = first;
        rest = after;
    }
    const [type = '', ...more] = rest;
    if (type === '')
        throw syntaxError(text);
    const paths = [];
    for (const word of more) {
        if (address === null && looksLikeAddress(word))
            address = word;
        else
            paths.push(...word.split(',').filter((one) => one !== ''));
    }
    return { depth, type, paths, address };
}
/** At blanks outside parentheses. */
function splitWords(text) {
    const words = [];
    let depth = 0;
    let word = '';
    for (const letter of text.trim()) {
        if (letter === '(')
            depth += 1;
        if (letter === ')')
            depth -= 1;
        if (/\s/.test(letter) && depth <= 0) {
            if (word !== '')
                words.push(word);
            word = '';
        }
        else {
            word += letter;
        }
    }
    return word === '' ? words : [...words, word];
}
const withoutModule = (name) => name.slice(name.indexOf('!') + 1);
const isTypeName = ({ standing }, word) => standing.book.find(withoutModule(word), 'x86').kind === 'found';
export const displayType = (looking, text) => {
    const { standing, machine } = looking;
    const asked = parseDt(looking, text);
    const name = withoutModule(asked.type);
    if (name.includes('*'))
        return matchingTypes(looking, asked.type);
    const scope = standing.scope(machine);
    const variable = findVariable(scope, asked.type);
    const found = standing.book.find(name, machine);
    if (found.kind === 'not-on-amd64')
        throw new KdError(notOnAmd64(found.name));
    if (found.kind === 'unknown' && variable !== undefined) {
        return variableLines(looking, asked, variable.name);
    }
    if (found.kind === 'unknown')
        throw symbolNotFound(asked.type);
    const address = asked.address === null ? null : evaluateMasm(scope, asked.address);
    if (address !== null && standing.space.byteAt(address) === undefined) {
        throw new KdError(`Cannot read Memory address 0x${hex8(address)}: nothing is mapped there.`);
    }
    const head = address === null && asked.paths.length === 0 ? [] : [];
    return [...head, ...bodyOf(looking, found.structure, address, asked)];
};
function bodyOf({ standing, machine }, structure, address, { paths, depth }) {
    const display = standing.display(machine);
    if (paths.length === 0)
        return fieldLines(display, structure, address, depth);
    return paths.flatMap((path) => pathLines(display, structure, address, path));
}
function variableLines(looking, asked, name) {
    const { standing, machine } = looking;
    const scope = standing.scope(machine);
    const value = evaluateCpp(scope, name);
    const { type } = value;
    const place = value.address === null ? '' : `0x${hex8(value.address)}`;
    const shown = type.kind === 'pointer' ? `${typeText({ type: type.to }, 'x86')}*` : typeText({ type }, 'x86');
    const head = `Local var @ ${place} Type ${shown}`;
    const target = type.kind === 'pointer' ? type.to : type;
    if (target.kind !== 'struct') {
        return [head, valueText(standing.display(machine), type, value.address ?? 0)];
    }
    const address = Number(numericValue(scope, value));
    const at = type.kind === 'pointer' ? [`${addressText(address, machine)} `] : [];
    return [head, ...at, ...bodyOf(looking, target, address, asked)];
}
function matchingTypes({ standing }, pattern) {
    const module = pattern.includes('!') ? pattern.slice(0, pattern.indexOf('!')) : 'nt';
    const expression = new RegExp(`^${withoutModule(pattern)
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')}$`, 'i');
    const names = standing.book.names().filter((name) => expression.test(name));
    return names.sort().map((name) => `          ${module}!${name}`);
}
/** ?? expression */
export const evaluateTyped = (looking, text) => {
    const { standing, machine } = looking;
    const scope = standing.scope(machine);
    return describeValue(looking, evaluateCpp(scope, text), () => scope);
};
function describeValue(looking, value, scopeOf) {
    const { standing, machine } = looking;
    const { type } = value;
    const display = standing.display(machine);
    const number = () => Number(BigInt.asUintN(32, numericValue(scopeOf(), value)));
    switch (type.kind) {
        case 'struct':
            return [
                `${type.isUnion ? 'union' : 'struct'} ${type.name}`,
                ...fieldLines(display, type, value.address),
            ];
        case 'pointer': {
            const address = number();
            const { to } = type;
            if (to.kind !== 'struct')
                return [`${pointedName(to)} * ${addressText(address, machine)}`];
            const head = `${to.isUnion ? 'union' : 'struct'} ${to.name} * ${addressText(address, machine)}`;
            const isThere = address !== 0 && standing.space.byteAt(address) !== undefined;
            return isThere ? [head, ...fieldLines(display, to, address)] : [head];
        }
        case 'array':
            return [
                `${pointedName(type.of)} [${type.count}] ${addressText(value.address ?? 0, machine)}`,
            ];
        case 'enum': {
            const raw = number();
            return [`${type.name} ${display.book.enumText(type, raw)} (0n${raw})`];
        }
        case 'base':
            return [`${type.cName} ${shownBase(type, numericValue(scopeOf(), value))}`];
        default:
            return ['void'];
    }
}
function pointedName(type) {
    switch (type.kind) {
        case 'base':
            return type.cName;
        case 'void':
            return 'void';
        case 'function':
            return '<function>';
        case 'pointer':
            return `${pointedName(type.to)} *`;
        case 'array':
            return `${pointedName(type.of)} []`;
        default:
            return `${type.kind === 'struct' ? 'struct ' : ''}${type.name}`;
    }
}
function shownBase(type, value) {
    if (type.cName === 'bool')
        return value === 0n ? 'false' : 'true';
    if (type.size === 1)
        return baseText(type, value);
    return type.signed ? `0n${value}` : `0x${BigInt.asUintN(type.size * 8, value).toString(16)}`;
}
/** ? expression */
export const evaluate = ({ standing, machine }, text) => {
    const value = evaluateMasm(standing.scope(machine), text);
    return [`Evaluate expression: ${value | 0} = ${hex8(value)}`];
};
/** dv: the variables of the driver's innermost function. */
export const displayVariables = ({ standing, machine }, text) => {
    const { frame } = standing.scope(machine);
    const driver = frame?.driver;
    if (!driver)
        throw new KdError('No function of the driver is on the stack of this thread.');
    const wanted = text.trim();
    const display = standing.display(machine);
    const variables = driver.variables.filter(({ name }) => wanted === '' || name === wanted);
    if (variables.length === 0)
        throw cannotResolve(wanted);
    const width = Math.max(...variables.map(({ name }) => name.length), 15);
    return variables.map((variable) => {
        const { name, type, address } = placed(variable, driver.base);
        return `${name.padStart(width)} = ${valueText(display, type, address)}`;
    });
};
