// The steps about filters: what a program does with fltlib.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import type { PortEnd } from '../io/index.ts';
import { encodeBytes, toHex } from './bytes.ts';
import { issue } from './control.ts';
import { valueOf, type Doer } from './names.ts';
import type { Stage, StepOutcome } from './stage.ts';
import { noBytes } from './structures.ts';

type Do = 'detach' | 'connect-port' | 'send-message' | 'get-message' | 'reply-message';
type StepOf<Kind extends Do> = Extract<ActingStep, { do: Kind }>;
type Performers = {
  readonly [Kind in Do]: (
    stage: Stage,
    step: StepOf<Kind>,
    doer: Doer,
  ) => StepOutcome | Promise<StepOutcome>;
};

export const filterPerformers: Performers = {
  detach: async ({ filters, names }, step) => ({
    status:
      filters === undefined
        ? NtStatus.STATUS_FLT_FILTER_NOT_FOUND
        : await filters.detach(step.filter, names.volume(step)),
  }),
  'connect-port': async ({ machine, services, names, filters }, step, doer) => {
    machine.clock.tick();
    const context = step.context === undefined ? noBytes : encodeBytes(step.context);
    const port = (await filters?.connect(step.port, context)) ?? absent;
    if (typeof port === 'number') {
      names.created(doer, 0);
      return { status: port };
    }
    names.created(doer, services.handles.insertPort(doer.process, port));
    return { status: NtStatus.STATUS_SUCCESS };
  },
  'send-message': performSend,
  'get-message': performGet,
  'reply-message': (stage, step, doer) => {
    const port = portOf(stage, step, doer);
    if (typeof port === 'number') return { status: port };
    const id = stage.messages.get(port) ?? NO_MESSAGE;
    const bytes = step.data === undefined ? noBytes : encodeBytes(step.data);
    return { status: port.reply(id, step.status, bytes) };
  },
};

/** No filter has made a port of that name. */
const absent = NtStatus.STATUS_OBJECT_NAME_NOT_FOUND;
/** Messages are numbered from 1 on. */
const NO_MESSAGE = 0n;

const portOf = (
  { services, names }: Stage,
  { handle }: { readonly handle: string },
  doer: Doer,
): PortEnd | NtStatus =>
  services.handles.lookUpPort(doer.process, valueOf(names.handle(handle), doer));

async function performSend(
  stage: Stage,
  step: StepOf<'send-message'>,
  doer: Doer,
): Promise<StepOutcome> {
  const { machine } = stage;
  machine.clock.tick();
  const port = portOf(stage, step, doer);
  if (typeof port === 'number') return { status: port };
  const data = step.data === undefined ? noBytes : encodeBytes(step.data);
  const input = data.length === 0 ? 0 : machine.user.allocate(doer.process, data.length);
  if (input !== 0) machine.memory.bytes(input, data.length).set(data);
  const output = step.length === 0 ? 0 : machine.user.allocate(doer.process, step.length);
  const buffers = { input, inputLength: data.length, output, outputLength: step.length };
  const { status, returned } = await port.request(buffers);
  const bytes = ntError(status) ? '' : toHex(machine.memory.bytes(output, returned));
  for (const buffer of [input, output]) if (buffer !== 0) machine.user.free(buffer);
  return { status, ...(ntError(status) ? {} : { information: returned, bytes }) };
}

/** The message's header, with its number, is the model's own: what is told are the bytes behind it. */
function performGet(
  stage: Stage,
  step: StepOf<'get-message'>,
  doer: Doer,
): StepOutcome | Promise<StepOutcome> {
  const { machine } = stage;
  const buffer = machine.user.allocate(doer.process, step.length);
  return issue(stage, doer, {
    issue: async (iosb) => {
      const port = portOf(stage, step, doer);
      if (typeof port === 'number') return port;
      const { status, id, bytes } = await port.get(step.length);
      if (ntError(status)) return status;
      stage.messages.set(port, id);
      machine.memory.bytes(buffer, bytes.length).set(bytes);
      Object.assign(iosb, { status, information: bytes.length, written: true });
      return status;
    },
    buffer,
    outputLength: step.length,
    makesRequest: false,
    asynchronous: false,
    returnsBytes: true,
  });
}
