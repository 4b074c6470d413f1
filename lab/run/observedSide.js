// What a run observed, as one side of a comparison: the agent's events and the lab's own of the driver.
import { formatTrace } from '../../contract/trace.ts';
/**
 * The whole trace of a run as text. The driver's events come from the lab: its service reached RUNNING
 * before the first step, and was stopped after the last.
 */
export function wholeTrace({ header, events }, driver) {
    const phase = (phase) => ({
        seq: 0,
        kind: 'driver',
        phase,
        driver: driver.name,
        status: 0,
    });
    const all = [phase('load'), ...events, ...(driver.stopped ? [phase('unload')] : [])];
    const numbered = all.map((event, seq) => ({ ...event, seq }));
    return { text: formatTrace(header, numbered), events: numbered };
}
/** Steps after an early end are not comparable, and say why; one that hung differs. */
export function observedSide(events, ended) {
    if (ended.how === 'completed')
        return { events };
    const why = ended.problem === undefined ? '' : `: ${ended.problem}`;
    return {
        events,
        endedEarly: `the run ${howText[ended.how]} before it${why}`,
        ...(ended.how === 'hung' && ended.step !== undefined ? { hungAt: ended.step } : {}),
    };
}
const howText = { aborted: 'was aborted', hung: 'hung', failed: 'failed' };
