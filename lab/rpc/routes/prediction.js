import { randomUUID } from 'node:crypto';
import { LabError } from '../../../contract/errors/labError.ts';
import { EVENTS_SHOWN } from '../../../contract/rpc.ts';
import { NotCompiled } from '../../compile/index.ts';
import { openDataFolder } from '../../data/dataFolder.ts';
import { predictTimed } from '../../predict/index.ts';
import { loadWorkload, pickVariant } from '../../samples/samples.ts';
import { workspaceSample } from '../../workspace/workspace.ts';
import { callbackSummaries } from '../callbackSummaries.ts';
import { lab, reported } from '../service.ts';
/** Whole traces of predictions that are on show somewhere, the oldest forgotten first. */
const shown = new Map();
const SHOWN_MAX = 16;
const make = lab.prediction.make.handler(async ({ input, signal }) => {
    const started_ms = performance.now();
    const sample = await workspaceSample(await openDataFolder(), input.sample);
    const variant = pickVariant(sample, input.variant);
    const workload = await loadWorkload(sample, variant, input.workload);
    const made = await predictOrDiagnose({
        sample,
        variant,
        workload: workload.expanded,
        profile: input.profile,
        seed: input.seed,
        ...(input.edited === undefined ? {} : { edited: input.edited }),
        ...(signal === undefined ? {} : { signal }),
    });
    return { ...made, took_ms: performance.now() - started_ms };
});
/** Source that does not compile is the daily state of an editor, hence an answer and no error. */
async function predictOrDiagnose(input) {
    try {
        const { prediction, diagnostics, cached } = await predictTimed(input);
        const { events } = prediction;
        return {
            compiled: true,
            prediction: { ...prediction, events: events.slice(0, EVENTS_SHOWN) },
            handle: events.length > EVENTS_SHOWN ? keep(events) : '',
            total: events.length,
            callbacks: callbackSummaries(events),
            diagnostics: diagnostics.map(toContract),
            cached,
        };
    }
    catch (error) {
        if (!(error instanceof NotCompiled))
            throw error;
        const diagnostics = error.diagnostics.map(toContract);
        return { compiled: false, failure: reported(error), diagnostics, cached: false };
    }
}
function keep(events) {
    const handle = randomUUID();
    shown.set(handle, events);
    const [oldest] = shown.keys();
    if (shown.size > SHOWN_MAX && oldest !== undefined)
        shown.delete(oldest);
    return handle;
}
const events = lab.prediction.events.handler(({ input }) => {
    const all = shown.get(input.handle);
    if (all === undefined) {
        throw new LabError('comparison.closed', {
            problem: 'This prediction is no longer kept.',
            remedy: 'Simulate again.',
        });
    }
    return all.slice(input.from, input.from + input.count);
});
function toContract(diagnostic) {
    const { file, line, column, endLine, endColumn, severity, message, flag } = diagnostic;
    return {
        file,
        line,
        column,
        severity,
        message,
        ...(endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn }),
        ...(flag === undefined ? {} : { flag }),
    };
}
export const predictionRoutes = { make, events };
