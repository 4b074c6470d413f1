// Simulated threads and processes. A thread is an async function that runs until it blocks; the
// scheduler alone decides which one goes on.
export const Irql = { PASSIVE_LEVEL: 0, APC_LEVEL: 1, DISPATCH_LEVEL: 2 };
export const ofSystem = (routine) => ({ name: () => routine, stack: () => [] });
