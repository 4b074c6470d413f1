// NtFsControlFile as steps use it: with an input and an output buffer in the caller's memory.
import { ntFsControlFile } from '../io/index.ts';
import { issueCall, startCall, type Call } from './issueCall.ts';
import { valueOf, type Doer } from './names.ts';
import type { Stage, StepOutcome } from './stage.ts';

export interface Control {
  /** The name of a handle. */
  readonly handle: string;
  readonly code: number;
  readonly input?: Uint8Array;
  /** Bytes of the output buffer. */
  readonly length?: number;
}

const noBytes = new Uint8Array(0);

/** On the actor's own thread, or, with `start`, on another one. */
export function issue(stage: Stage, doer: Doer, call: Call): StepOutcome | Promise<StepOutcome> {
  const { step } = doer;
  const starts = 'start' in step && step.start === true;
  return starts ? startCall(stage, doer, call) : issueCall(stage, doer, call);
}

export const control = (
  stage: Stage,
  doer: Doer,
  asked: Control,
): StepOutcome | Promise<StepOutcome> => issue(stage, doer, controlCall(stage, doer, asked));

export function controlCall(
  stage: Stage,
  doer: Doer,
  { handle: name, code, input = noBytes, length = 0 }: Control,
): Call {
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
