// NtFsControlFile as steps use it: with an input and an output buffer in the caller's memory.
import { ntFsControlFile } from '../io/index.ts';
import { issueCall, startCall } from './issueCall.ts';
import { valueOf } from './names.ts';
const noBytes = new Uint8Array(0);
/** On the actor's own thread, or, with `start`, on another one. */
export function issue(stage, doer, call) {
    const { step } = doer;
    const starts = 'start' in step && step.start === true;
    return starts ? startCall(stage, doer, call) : issueCall(stage, doer, call);
}
export const control = (stage, doer, asked) => issue(stage, doer, controlCall(stage, doer, asked));
export function controlCall(stage, doer, { handle: name, code, input = noBytes, length = 0 }) {
    const { machine, services, names } = stage;
    const handle = valueOf(names.handle(name), doer);
    const inputBuffer = machine.user.allocate(doer.process, input.length);
    machine.memory.bytes(inputBuffer, input.length).set(input);
    const outputBuffer = machine.user.allocate(doer.process, length);
    return {
        issue: async (iosb, event, onDelivered) => {
            const buffers = {
                inputBuffer,
                inputLength: input.length,
                outputBuffer,
                outputLength: length,
            };
            const status = await ntFsControlFile(services, {
                ...{ handle, code, iosb, event, onDelivered },
                ...buffers,
            });
            machine.user.free(inputBuffer);
            return status;
        },
        buffer: outputBuffer,
        outputLength: length,
        makesRequest: false,
        asynchronous: false,
        returnsBytes: length > 0,
    };
}
