// An assertion that fails is our bug, never the driver's and never the lab's.
export class AssertionError extends Error {
    name = 'AssertionError';
}
export function assert(condition, message) {
    if (!condition)
        throw new AssertionError(message);
}
/** Closes a switch over a union: the compiler proves that it cannot be reached. */
export function unreachable(value) {
    throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
