// What each callback did over a whole prediction: how often it ran for which operation, and what it
// returned.
import type { CallbackSummary } from '../../contract/rpc.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/ntstatus.ts';

type Callback = Extract<TraceEvent, { kind: 'pre-operation' | 'post-operation' }>;

export function callbackSummaries(events: readonly TraceEvent[]): CallbackSummary[] {
  const found = new Map<string, { summary: CallbackSummary; returned: Map<string, number> }>();
  for (const event of events) {
    if (event.kind !== 'pre-operation' && event.kind !== 'post-operation') continue;
    if (event.at === undefined) continue;
    const operation = `${event.kind === 'pre-operation' ? 'pre' : 'post'} ${event.major}`;
    const { file, line } = event.at;
    const key = `${file}:${line} ${operation}`;
    const entry = found.get(key) ?? {
      summary: { file, line, function: event.at.function ?? '', operation, times: 0, returned: [] },
      returned: new Map<string, number>(),
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

const resultOf = (event: Callback): string =>
  event.kind === 'pre-operation' && event.status !== undefined
    ? `${event.returned} ${ntStatusName(event.status)}`
    : event.returned;
