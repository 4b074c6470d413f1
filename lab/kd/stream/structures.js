// Answers of the debugger as structures: stacks, fields, device stacks, and what !fltkd prints of the
// Filter Manager. Each reader takes the text between two prompts; lines that it does not know are left
// out, since people print remarks between them and extensions differ.
/** `kn`, on 32 and 64 bits: frame, child, return address, place. Inline frames have no addresses. */
export function parseStack(text) {
    const row = /^([0-9a-f]{2}) +(?:\(Inline Function\) -+`-+ )?([0-9a-f`-]{8,17}) ([0-9a-f`-]{8,17}) +(\S+!\S+|0x[0-9a-f`]+)(.*)$/;
    return lines(text).flatMap((line) => {
        const [, number, , returnAddress, at, rest = ''] = row.exec(line) ?? [];
        if (number === undefined || at === undefined || returnAddress === undefined)
            return [];
        const source = /\[(.+ @ \d+)\]/.exec(rest)?.[1];
        return [
            {
                number: Number.parseInt(number, 16),
                at,
                returnAddress,
                ...(source === undefined ? {} : { source }),
            },
        ];
    });
}
/** `dt`: the indentation is the nesting. */
export function parseFields(text) {
    const top = [];
    const stack = [];
    for (const line of lines(text)) {
        const [, blanks = '', offset, name, value] = /^( +)[+=]0x([0-9a-f]+) (\S+) *:(?: (.*?))? *$/.exec(line) ?? [];
        if (offset === undefined || name === undefined)
            continue;
        const indent = blanks.length;
        while ((stack.at(-1)?.indent ?? -1) >= indent)
            stack.pop();
        const open = {
            offset: Number.parseInt(offset, 16),
            name,
            value: value?.trim() ?? '',
            fields: [],
            indent,
        };
        (stack.at(-1)?.fields ?? top).push(open);
        stack.push(open);
    }
    const plain = (one) => ({
        offset: one.offset,
        name: one.name,
        value: one.value,
        fields: one.fields.map(plain),
    });
    return top.map(plain);
}
/** `!devstack`, top first. */
export function parseDeviceStack(text) {
    return lines(text).flatMap((line) => {
        const [, mark, device, driver, name] = /^(>| ) ([0-9a-f`]{8,17}) +(\\\S+) *[0-9a-f`]{8,17} *(.*)$/.exec(line) ?? [];
        if (device === undefined || driver === undefined)
            return [];
        return [{ device, driver, name: name?.trim() ?? '', asked: mark === '>' }];
    });
}
/** `!fltkd.filters`: frames, filters by altitude, their instances. */
export function parseFilters(text) {
    const found = [];
    let frame = '';
    for (const line of lines(text)) {
        frame = /^Filter List: [0-9a-f`]+ "([^"]*)"/.exec(line)?.[1] ?? frame;
        const [, kind, address, name, altitude] = /^ *(FLT_FILTER|FLT_INSTANCE): ([0-9a-f`]+) "([^"]*)" "([\d.]*)"/.exec(line) ?? [];
        if (address === undefined || name === undefined || altitude === undefined)
            continue;
        if (kind === 'FLT_FILTER')
            found.push({ address, name, altitude, frame, instances: [] });
        else
            found.at(-1)?.instances.push({ address, name, altitude });
    }
    return found;
}
/** `!fltkd.cbd`. */
export function parseCallbackData(text) {
    const all = lines(text);
    for (const [at, line] of all.entries()) {
        const [, address, operation, major, state] = /^IRP_CTRL: ([0-9a-f`]+) +(\w+) \((\d+|[0-9a-f]+)\) (.*)$/.exec(line) ?? [];
        if (address === undefined || operation === undefined)
            continue;
        const values = new Map();
        for (const next of all.slice(at + 1)) {
            const [, name, value] = /^ *([A-Za-z]\w*(?:\.\w+)*) *: (.*?) *$/.exec(next) ?? [];
            if (name !== undefined && value !== undefined && !values.has(name))
                values.set(name, value);
        }
        return { address, operation, major: Number(major), state: state?.trim() ?? '', values };
    }
    return undefined;
}
/** What `!analyze -v` says of a crash, as far as it says it. */
export function parseAnalysis(text) {
    const value = (name) => new RegExp(`^${name}: +(.*?)\\s*$`, 'm').exec(text)?.[1];
    const [, name, code] = /^([A-Z][A-Z0-9_]+) \(([0-9a-f]+)\)\s*$/m.exec(text) ?? [];
    const parameters = [...text.matchAll(/^Arg[1-4]: ([0-9a-f`]+)/gm)].map(([, one = '']) => one);
    const caused = /^Probably caused by : (\S+)(?: \( (\S+) \))?/m.exec(text);
    const stack = /^STACK_TEXT: *\n([\s\S]*?)(?:\n\s*\n|(?![\s\S]))/m.exec(text)?.[1];
    return {
        ...(name === undefined || code === undefined ? {} : { name, code: Number.parseInt(code, 16) }),
        parameters,
        module: value('MODULE_NAME'),
        image: value('IMAGE_NAME') ?? caused?.[1],
        at: value('SYMBOL_NAME') ?? caused?.[2],
        bucket: value('FAILURE_BUCKET_ID'),
        process: value('PROCESS_NAME'),
        stack: stack
            ?.split('\n')
            .flatMap((line) => / : ([^:\s]+![^\s]+)\s*$/.exec(line)?.[1] ?? line.trim()),
    };
}
const lines = (text) => text.split(/\r?\n/);
