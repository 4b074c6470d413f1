/** Ends the simulation: thrown by the kernel only, caught by the run only. */
export class BugcheckSignal extends Error {
    name = 'BugcheckSignal';
    code;
    parameters;
    constructor(code, parameters) {
        super(`bugcheck 0x${code.toString(16)}`);
        this.code = code;
        this.parameters = parameters;
    }
}
/** Ends the simulation with outcome "hang": driver code ran on until its counted fuel was used up. */
export class HangSignal extends Error {
    name = 'HangSignal';
    /** Lines for the wait graph, before those of the threads that wait. */
    lines;
    constructor(lines) {
        super(lines.join('; '));
        this.lines = lines;
    }
}
/** What is not modelled is refused by name: ends the simulation with outcome "not-modelled". */
export class NotModelledSignal extends Error {
    name = 'NotModelledSignal';
    what;
    constructor(what) {
        super(`not modelled: ${what}`);
        this.what = what;
    }
}
