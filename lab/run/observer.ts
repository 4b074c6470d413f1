// The observer of a run: loaded before the driver under test, above and below it, read by the agent, and
// unloaded after it. Where the target calls no filter it is left out, and the run says so.
import type { ObservedInRun } from '../../contract/agentProtocol.ts';
import { instancesAround, OBSERVER, observerSample } from '../predict/index.ts';
import { pickVariant } from '../samples/samples.ts';
import type { ConnectedTarget } from '../targets/index.ts';
import type { RunInput } from './runInput.ts';
import type { RunParts } from './runParts.ts';
import type { MachineSide } from './machineSide.ts';

/** Whether the run is observed, and if not though it was asked for, why. */
export type Observing =
  { readonly is: true } | { readonly is: false; readonly because?: string | undefined };

/** By what was asked and what the target can show: a filter that is never called sees nothing. */
export function observing(
  { observe = false }: Pick<RunInput, 'observe'>,
  { facts }: Pick<ConnectedTarget, 'facts'>,
): Observing {
  if (!observe) return { is: false };
  const lack = facts.lacks.find(({ capability }) => capability === 'kernel-filters');
  if (lack === undefined) return { is: true };
  return { is: false, because: `The observer is not loaded: ${lack.because}.` };
}

/** What loads it: the machine of the run, and the parts that talk to it. */
interface Around {
  /** Its signal ends what talks to the machine. */
  readonly onMachine: RunInput;
  readonly side: Pick<MachineSide, 'undo'>;
  readonly parts: RunParts;
}

/** Builds, signs and copies it, and makes its service; part of the stage "copy". */
export async function deployObserver(
  { onMachine, side, parts }: Around,
  target: ConnectedTarget,
  say: (text: string) => void,
): Promise<void> {
  const sample = await observerSample();
  const { manifest } = sample;
  const own = { ...onMachine, sample, variant: pickVariant(sample, undefined), sys: undefined };
  const built = await parts.build(own, say);
  const { sysPath } = await parts.sign(own, built, say);
  side.undo(`the service ${OBSERVER}`, (signal) =>
    parts.removeDriver(target, OBSERVER, { signal }),
  );
  await parts.deployDriver(
    target,
    {
      name: manifest.driver,
      loadOrderGroup: manifest.group,
      instances: instancesAround(manifest.instances, onMachine.sample.manifest.instances),
      defaultInstance: manifest.defaultInstance,
      image: sysPath,
    },
    { signal: onMachine.signal, progress: ({ step }) => say(step) },
  );
}

/** Loads it; part of the stage "start", before the driver under test. */
export async function startObserver(
  { onMachine: { signal }, side, parts }: Around,
  target: ConnectedTarget,
  say: (text: string) => void,
): Promise<void> {
  // Whether a start that was cut short has loaded it nobody knows.
  side.undo(`the driver ${OBSERVER}`, (own) => parts.stopDriver(target, OBSERVER, { signal: own }));
  await parts.startDriver(target, OBSERVER, { signal, progress: ({ step }) => say(step) });
}

/** What there is to know of the observation beside its events. */
export function observationNotes(
  decided: Observing,
  observed: ObservedInRun | undefined,
): readonly string[] {
  if (!decided.is) return decided.because === undefined ? [] : [decided.because];
  if (observed === undefined) return ['The agent said nothing of the observer.'];
  const { dropped, ignored, made, foreign, problem } = observed;
  const told = made - dropped - foreign;
  const lost = dropped === 0 ? [] : [`${dropped} were lost because its ring was full`];
  const left = ignored + foreign === 0 ? [] : [`${ignored + foreign} were of others`];
  const counts = [`${told} callbacks of this workload`, ...lost, ...left].join(', ');
  return [
    ...(problem === undefined ? [] : [`The observer was not read to the end: ${problem}.`]),
    told > 0 || problem !== undefined
      ? `The observer saw ${counts}.`
      : `The observer is loaded and saw nothing of this workload: ${counts}.`,
  ];
}
