/** Runs `body` inside a frame of the current thread. A bug check leaves the stack as it was. */
export function inFrame({ debug }, { routine, arguments: args, locals }, body) {
    if (debug === null)
        return body();
    const frame = debug.enter(routine, ...args);
    if (locals !== undefined)
        frame.locals = locals;
    const result = body();
    if (result instanceof Promise)
        return leaveLater(debug, frame, result);
    debug.leave(frame);
    return result;
}
async function leaveLater(debug, frame, result) {
    const value = await result;
    debug.leave(frame);
    return value;
}
/** Leaves a frame that was entered when what runs in it is over; without a debugger that adds nothing. */
export const leaveWith = (debug, frame, result) => debug === null || frame === undefined ? result : leaveLater(debug, frame, result);
