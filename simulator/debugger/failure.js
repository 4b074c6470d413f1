// What kd answers to a command that it cannot carry out, in kd's own words. Never ends a session.
export class KdError extends Error {
    name = 'KdError';
}
export const cannotResolve = (text) => new KdError(`Couldn't resolve error at '${text}'`);
export const syntaxError = (text) => new KdError(`Syntax error at '${text}'`);
export const symbolNotFound = (name) => new KdError(`Symbol ${name} not found.`);
export const noMember = (text) => new KdError(`Type does not have given member error at '${text}'`);
export const memoryError = (text) => new KdError(`Memory access error at '${text}'`);
/** There is no machine code, so there are no registers and nothing to disassemble. */
export const noRegisters = (text) => new KdError(`Bad register error at '${text}'\n` +
    'The driver runs as WebAssembly under a model of Windows: there is no machine code, and there\n' +
    'are no registers. kb shows the arguments of every frame, ?? the variables of the driver.');
export const hex8 = (value) => (value >>> 0).toString(16).padStart(8, '0');
