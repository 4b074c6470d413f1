const lineOf = (view, { row }) => {
    const line = view?.lines[row];
    return line === undefined ? '' : `${line.function}:${line.file}:${line.line}`;
};
/**
 * The next place for `p`, `t` and `gu` from a moment: another statement of the driver, or, from code of
 * Windows or at a function's end, the next call or return of the same thread.
 */
export function stepCondition(from, how, view) {
    const fromLine = from.kind === 'line';
    return (moment) => {
        if (moment.thread !== from.thread || moment.kind === 'event')
            return false;
        if (how === 'out') {
            return moment.depth < from.depth && (moment.kind === 'line' || isBackInWindows(moment, view));
        }
        if (!fromLine) {
            if (how === 'into')
                return true;
            return moment.depth <= from.depth;
        }
        if (moment.kind === 'line') {
            const sameLine = moment.depth === from.depth && lineOf(view, moment) === lineOf(view, from);
            return !sameLine && (how === 'into' || moment.depth <= from.depth);
        }
        return moment.depth < from.depth && isBackInWindows(moment, view);
    };
}
const isBackInWindows = ({ kind, caller }, view) => kind === 'return' && caller !== null && !caller.startsWith(`${view?.name ?? ''}!`);
/** The same backwards: the last place before from which a step would have led on. */
export function stepBackCondition(from, how, view) {
    const fromLine = from.kind === 'line';
    return (moment) => {
        if (moment.thread !== from.thread || moment.kind === 'event')
            return false;
        if (how === 'out')
            return moment.depth < from.depth && moment.kind !== 'return';
        if (!fromLine)
            return how === 'into' || moment.depth <= from.depth;
        if (moment.kind === 'line') {
            const sameLine = moment.depth === from.depth && lineOf(view, moment) === lineOf(view, from);
            return !sameLine && (how === 'into' || moment.depth <= from.depth);
        }
        return moment.kind === 'enter' && moment.depth < from.depth;
    };
}
