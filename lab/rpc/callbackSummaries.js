import { ntStatusName } from '../../contract/windows/ntstatus.ts';
export function callbackSummaries(events) {
    const found = new Map();
    for (const event of events) {
        if (event.kind !== 'pre-operation' && event.kind !== 'post-operation')
            continue;
        if (event.at === undefined)
            continue;
        const operation = `${event.kind === 'pre-operation' ? 'pre' : 'post'} ${event.major}`;
        const { file, line } = event.at;
        const key = `${file}:${line} ${operation}`;
        const entry = found.get(key) ?? {
            summary: { file, line, function: event.at.function ?? '', operation, times: 0, returned: [] },
            returned: new Map(),
        };
        entry.summary.times += 1;
        const result = resultOf(event);
        entry.returned.set(result, (entry.returned.get(result) ?? 0) + 1);
        found.set(key, entry);
    }
    return [...found.values()].map(({ summary, returned }) => ({
        ...summary,
        returned: [...returned].sort(([, a], [, b]) => b - a),
    }));
}
const resultOf = (event) => event.kind === 'pre-operation' && event.status !== undefined
    ? `${event.returned} ${ntStatusName(event.status)}`
    : event.returned;
