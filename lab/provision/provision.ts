// The checklist carried out: looked at in one request, mended item by item, taken back to what it was
// before the lab came. What was there before is kept once, in the folder of the target, and survives
// any number of repetitions.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { X509Certificate } from 'node:crypto';
import { LabError } from '../../contract/errors/labError.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { powershellCommand } from '../process/powershell.ts';
import { targetFolder } from '../targets/registry.ts';
import { WindowsAnswer } from '../targets/windows/facts.ts';
import {
  checklist,
  type ChecklistInput,
  type ChecklistItem,
  type DebugTransport,
  type ItemState,
} from './checklist.ts';

/** A machine as the checklist needs it; a connected target is one. */
export interface ProvisionedMachine {
  readonly name: string;
  readonly windows: WindowsAnswer;
  exec(
    command: string,
    options: { signal: AbortSignal },
  ): Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

export interface ProvisionOptions {
  readonly dataFolder: string;
  /** PEM file of the lab's certificate. */
  readonly certificatePath: string;
  readonly driver?: string | undefined;
  readonly debug?: DebugTransport | undefined;
  readonly signal: AbortSignal;
  readonly progress?: (text: string) => void;
}

export interface ItemReport {
  readonly id: string;
  readonly title: string;
  readonly state: ItemState;
  readonly restart: boolean;
}

/** No request: all of it is in the answer that the connection began with. */
export async function lookAt(
  machine: ProvisionedMachine,
  options: ProvisionOptions,
): Promise<readonly ItemReport[]> {
  const input = await inputFor(machine, options);
  return checklist.map(({ id, title, state, restart }) => {
    return { id, title, state: state(input), restart };
  });
}

export interface Mended {
  readonly mended: readonly string[];
  /** Some of it takes effect only after a restart, which the lab leaves to the person. */
  readonly restartFor: readonly string[];
}

/** One request for all that is missing; none when nothing is. Errors: `target.provision-failed`. */
export async function mend(
  machine: ProvisionedMachine,
  wanted: readonly string[] | 'all',
  options: ProvisionOptions,
): Promise<Mended> {
  const input = await inputFor(machine, options);
  const items = itemsFor(wanted).filter((item) => {
    const state = item.state(input);
    if (state.kind === 'blocked' && wanted !== 'all') throw blocked(machine, item, state.because);
    return state.kind === 'missing';
  });
  if (items.length === 0) return { mended: [], restartFor: [] };
  await rememberBefore(machine, options);
  await carryOut(
    machine,
    items.map((item) => [item, item.mend(input)] as const),
    options,
  );
  return {
    mended: items.map(({ id }) => id),
    restartFor: items.filter(({ restart }) => restart).map(({ id }) => id),
  };
}

/** Puts back what was there before the first mending. Nothing is done where nothing was mended. */
export async function takeBack(
  machine: ProvisionedMachine,
  wanted: readonly string[] | 'all',
  options: ProvisionOptions,
): Promise<Mended> {
  const before = await readBefore(machine, options);
  if (before === undefined) return { mended: [], restartFor: [] };
  const input = await inputFor(machine, options);
  const items = itemsFor(wanted)
    .map((item) => [item, item.undo(before, input)] as const)
    .filter(
      ([item, script]) =>
        script !== '' && item.state({ ...input, machine: before }).kind !== 'not-asked',
    )
    .reverse();
  await carryOut(machine, items, options);
  return {
    mended: items.map(([{ id }]) => id),
    restartFor: items.filter(([{ restart }]) => restart).map(([{ id }]) => id),
  };
}

async function carryOut(
  { name, exec }: ProvisionedMachine,
  steps: readonly (readonly [ChecklistItem, string])[],
  { signal, progress }: ProvisionOptions,
): Promise<void> {
  if (steps.length === 0) return;
  throwIfCancelled(signal, `provisioning "${name}"`);
  progress?.(steps.map(([{ id }]) => id).join(', '));
  // Each item tells its name when it is done, so that a failure is known by what was last told.
  const script = steps
    .map(([{ id }, one]) => `${one}\nWrite-Output 'fltlab-done ${id}'`)
    .join('\n');
  const result = await exec(powershellCommand(script), { signal });
  const done = [...result.stdout.matchAll(/^fltlab-done (\S+)/gm)].map(([, id]) => id);
  const failed = steps.find(([{ id }]) => !done.includes(id));
  if (failed === undefined) return;
  throw new LabError('target.provision-failed', {
    problem: `"${name}": the item "${failed[0].id}" could not be set (${failed[0].title}).`,
    remedy: `Mend what it says and repeat; done are: ${done.join(', ') || 'none'}.`,
    detail: `${result.stderr}\n${result.stdout}`.trim().slice(-2_000),
  });
}

function itemsFor(wanted: readonly string[] | 'all'): readonly ChecklistItem[] {
  if (wanted === 'all') return checklist;
  return wanted.map((id) => {
    const item = checklist.find((one) => one.id === id);
    if (item !== undefined) return item;
    throw new LabError('usage.bad-argument', {
      problem: `There is no item "${id}" in the checklist.`,
      remedy: `Choose from: ${checklist.map((one) => one.id).join(', ')}.`,
    });
  });
}

async function inputFor(
  { windows: machine }: ProvisionedMachine,
  { certificatePath, driver, debug }: ProvisionOptions,
): Promise<ChecklistInput> {
  const certificate = new X509Certificate(await readFile(certificatePath));
  return {
    machine,
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    certificate: certificate.raw.toString('base64'),
    driver,
    debug,
  };
}

const beforeFile = ({ name }: ProvisionedMachine, { dataFolder }: ProvisionOptions): string =>
  path.join(targetFolder(dataFolder, name), 'before-provisioning.json');

/** Once: a second mending must not take the first for what was there before. */
async function rememberBefore(
  machine: ProvisionedMachine,
  options: ProvisionOptions,
): Promise<void> {
  const file = beforeFile(machine, options);
  if ((await readTextIfThere(file)) !== undefined) return;
  await writeFileAtomic(file, `${JSON.stringify(machine.windows, null, 2)}\n`);
}

async function readBefore(
  machine: ProvisionedMachine,
  options: ProvisionOptions,
): Promise<WindowsAnswer | undefined> {
  const text = await readTextIfThere(beforeFile(machine, options));
  return text === undefined ? undefined : WindowsAnswer.parse(JSON.parse(text));
}

const blocked = ({ name }: ProvisionedMachine, { id }: ChecklistItem, because: string): LabError =>
  new LabError('target.provision-failed', {
    problem: `"${name}": the item "${id}" cannot be set from here: ${because}.`,
    remedy: 'Do that on the machine itself, then repeat.',
  });
