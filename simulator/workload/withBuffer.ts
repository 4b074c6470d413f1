// Calls that end when they return: their buffer and their status block live as long as the call.
import { ntError, type NtStatus } from '../../contract/windows/index.ts';
import { newIosb, type CallerIosb } from '../io/index.ts';
import { andThen, type MaybeLater } from '../kernel/later.ts';
import { toHex } from './bytes.ts';
import type { Doer } from './names.ts';
import type { Stage, StepOutcome } from './stage.ts';

/** Information, where the status block was written. */
export const informationOf = ({
  written,
  information,
}: CallerIosb): { readonly information?: number } => (written ? { information } : {});

/** A call with an output buffer and a status block. */
export function withOutput(
  { machine }: Stage,
  { process }: Doer,
  length: number,
  call: (iosb: CallerIosb, buffer: number) => MaybeLater<NtStatus>,
): MaybeLater<StepOutcome> {
  const iosb = newIosb();
  const buffer = machine.user.allocate(process, length);
  return andThen(call(iosb, buffer), (status) => {
    const shows = !ntError(status) && iosb.written;
    const bytes = shows
      ? toHex(machine.memory.bytes(buffer, Math.min(iosb.information, length)))
      : undefined;
    machine.user.free(buffer);
    return { status, ...informationOf(iosb), ...(bytes === undefined ? {} : { bytes }) };
  });
}

/** A call with an input buffer and a status block. */
export function withInput(
  { machine }: Stage,
  { process }: Doer,
  data: Uint8Array,
  call: (iosb: CallerIosb, buffer: number, length: number) => MaybeLater<NtStatus>,
): MaybeLater<StepOutcome> {
  const iosb = newIosb();
  const buffer = machine.user.allocate(process, data.length);
  machine.memory.bytes(buffer, data.length).set(data);
  return andThen(call(iosb, buffer, data.length), (status) => {
    machine.user.free(buffer);
    return { status, ...informationOf(iosb) };
  });
}
