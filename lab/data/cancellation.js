// Long work takes an AbortSignal. When it fires, the work ends with one error: the reason, if that
// is already something a person can read (a limit that names itself), else "it was cancelled".
import { isLabError, LabError } from '../../contract/errors/labError.ts';
export function cancelledError(signal, what) {
    if (isLabError(signal.reason))
        return signal.reason;
    return new LabError('run.cancelled', {
        problem: `Cancelled: ${what}.`,
        remedy: 'Start it again when you want it; nothing was left behind.',
        cause: signal.reason,
    });
}
export function throwIfCancelled(signal, what) {
    if (signal?.aborted)
        throw cancelledError(signal, what);
}
/** A signal that fires with `signal`, or when `limit_ms` has passed, with `told` as its reason. */
export function withLimit(signal, limit_ms, told) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(told()), limit_ms);
    return {
        signal: signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]),
        done: () => clearTimeout(timer),
    };
}
/**
 * A signal that follows `signal` only after `grace_ms`: for a change on the other side whose outcome
 * must be known before it can be taken back. `done` ends the wait.
 */
export function withGrace(signal, grace_ms) {
    const late = new AbortController();
    let timer;
    const begin = () => {
        timer = setTimeout(() => late.abort(signal?.reason), grace_ms);
    };
    if (signal?.aborted)
        begin();
    signal?.addEventListener('abort', begin, { once: true });
    return {
        signal: late.signal,
        done: () => {
            signal?.removeEventListener('abort', begin);
            clearTimeout(timer);
        },
    };
}
