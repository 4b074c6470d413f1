// A minifilter's service on a machine: looked at, made, started, stopped and deleted with the tools
// that every Windows has (sc.exe, reg.exe), in the shell of the SSH session. Wine has them too, with
// differences that are named where they are met.
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../../contract/errors/labError.ts';
import { throwIfCancelled, withGrace, withLimit } from '../data/cancellation.ts';
import type { CommandResult } from '../ssh/index.ts';
import type { ConnectedTarget } from '../targets/connect.ts';
import type { WindowsPath } from '../targets/windowsPath.ts';
import { loadErrors } from './loadErrors.ts';
import {
  createCommands,
  HOSTS_VALUE,
  MARKER_VALUE,
  serviceKey,
  type FilterService,
} from './serviceCommands.ts';
import {
  parseRegistryValues,
  parseServiceStatus,
  parseWineHosts,
  ServiceState,
  win32ErrorOf,
} from './serviceOutput.ts';

type Machine = Pick<ConnectedTarget, 'description' | 'exec' | 'paths'>;

export interface ServiceOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long one command may take before the machine counts as hung; 90 s when left out. */
  readonly limit_ms?: number | undefined;
}

/** Win32 errors of the service manager (winerror.h) that decide what is done next. */
const Win32 = {
  INVALID_SERVICE_CONTROL: 1052,
  SERVICE_ALREADY_RUNNING: 1056,
  SERVICE_DOES_NOT_EXIST: 1060,
  SERVICE_CANNOT_ACCEPT_CTRL: 1061,
  SERVICE_NOT_ACTIVE: 1062,
  SERVICE_MARKED_FOR_DELETE: 1072,
} as const;

const STOP_LIMIT_MS = 20_000;
const ASK_AGAIN_MS = 100;
/** How long a command that changes something may go on after an abort. */
const GRACE_MS = 5_000;
/** Longer than the 30 s after which the service manager itself gives up waiting. */
const LIMIT_MS = 90_000;

export interface FoundService {
  readonly exists: boolean;
  /** Made by the lab, in this run or an earlier one. */
  readonly ours: boolean;
  readonly imagePath?: string | undefined;
  /** Wine's driver hosts that were there before the service was made. */
  readonly hostsBefore: readonly string[];
  /** Those that are there now. */
  readonly hostsNow: readonly string[];
}

/** One request. */
export async function inspectService(
  machine: Machine,
  service: string,
  options: ServiceOptions,
): Promise<FoundService> {
  const key = serviceKey(service);
  const wine = machine.description.kind === 'wine';
  const query = `reg query ${key}`;
  const { stdout } = await machine.exec(wine ? `${query} & net start` : query, options);
  const values = parseRegistryValues(stdout, key);
  const imagePath = values?.get('imagepath');
  return {
    exists: values !== undefined,
    ours:
      values !== undefined &&
      // The folder alone will do: the marker is written after the service, and that may be cut off.
      (values.has(MARKER_VALUE.toLowerCase()) || isBelow(machine.paths.driversFolder, imagePath)),
    imagePath,
    hostsBefore: values?.get(HOSTS_VALUE.toLowerCase())?.split(' ') ?? [],
    hostsNow: parseWineHosts(stdout),
  };
}

function isBelow(folder: WindowsPath, imagePath: string | undefined): boolean {
  // The service manager writes "\??\C:\…" for a driver.
  const plain = imagePath?.replace(/^\\\?\?\\/, '').toLowerCase();
  return plain?.startsWith(`${folder.toLowerCase()}\\`) ?? false;
}

/**
 * Runs a command that changes something. An abort lets it finish first: what it did can be taken back
 * only when it is done, and not while it goes on behind our back.
 */
async function change(
  machine: Machine,
  command: string,
  { signal, limit_ms = LIMIT_MS }: ServiceOptions,
): Promise<CommandResult> {
  throwIfCancelled(signal, command);
  const grace = withGrace(signal, GRACE_MS);
  const limit = withLimit(grace.signal, limit_ms, () => hangs(machine, command, limit_ms));
  try {
    const result = await machine.exec(command, { signal: limit.signal });
    throwIfCancelled(signal, command);
    return result;
  } finally {
    limit.done();
    grace.done();
  }
}

/** Of a chain of commands. */
const firstOf = (command: string): string => command.split(' && ')[0] ?? command;

const hangs = (machine: Machine, command: string, limit_ms: number): LabError =>
  new LabError('deploy.service-failed', {
    problem: `"${machine.description.name}" did not finish \`${firstOf(command)}\` in ${limit_ms / 1_000} s.`,
    remedy: 'A driver that hangs while it loads or unloads does this: restart the target.',
  });

export const serviceExists = (machine: Machine, service: string, image?: string): LabError =>
  new LabError('deploy.service-exists', {
    problem: `"${machine.description.name}" has a service "${service}" that FltLab did not make${
      image === undefined ? '' : ` (${image})`
    }.`,
    remedy: `Give your driver another name in fltlab.json, or remove it there: sc delete ${service}`,
  });

export async function createService(
  machine: Machine,
  service: FilterService,
  image: WindowsPath,
  marks: { readonly run: string; readonly hosts: readonly string[] },
  options: ServiceOptions,
): Promise<void> {
  for (const command of createCommands(service, image, marks)) {
    const result = await change(machine, command, options);
    if (result.code !== 0) throw refused(machine, `create the service "${service.name}"`, result);
  }
}

/** Resolves once the service manager reports RUNNING. Errors: `deploy.load-failed`, `deploy.service-failed`. */
export async function startService(
  machine: Machine,
  service: string,
  options: ServiceOptions,
): Promise<void> {
  const result = await change(machine, `sc start ${service}`, options);
  const status = parseServiceStatus(result.stdout);
  if (result.code === 0 && status?.state === ServiceState.RUNNING) return;
  if (result.code !== 0) throw loadFailed(machine, service, result);
  // Windows starts drivers before it answers; a pending one is waited for all the same.
  const later = await machine.exec(`sc query ${service}`, options);
  if (parseServiceStatus(later.stdout)?.state === ServiceState.RUNNING) return;
  throw loadFailed(machine, service, later);
}

/** Safe when it does not run or does not exist. Errors: `deploy.service-failed`. */
export async function stopService(
  machine: Machine,
  service: string,
  options: ServiceOptions,
): Promise<void> {
  const wine = machine.description.kind === 'wine';
  const give_up_at = performance.now() + STOP_LIMIT_MS;
  for (;;) {
    const result = await change(machine, `sc stop ${service}`, options);
    const error = win32ErrorOf(result);
    const state = parseServiceStatus(result.stdout)?.state;
    const pending = result.code === 0 || error === Win32.SERVICE_CANNOT_ACCEPT_CTRL;
    const stopped =
      (result.code === 0 && state === ServiceState.STOPPED) ||
      error === Win32.SERVICE_NOT_ACTIVE ||
      error === Win32.SERVICE_DOES_NOT_EXIST;
    if (!pending && !stopped) throw stopRefused(machine, service, result);
    if (wine) return stopHosts(machine, service, options);
    if (stopped) return;
    if (performance.now() > give_up_at) throw stopRefused(machine, service, result);
    await pause(ASK_AGAIN_MS);
  }
}

/**
 * Wine unloads a driver by its DriverUnload. Minifilters set none, for on Windows the Filter Manager
 * does; under Wine such a service stays in STOP_PENDING for ever. What really unloads it is the end
 * of the process that hosts it: one that was not there before our service was made. A load that
 * failed leaves such a process too, which the next driver would share.
 */
async function stopHosts(
  machine: Machine,
  service: string,
  options: ServiceOptions,
): Promise<void> {
  const { hostsBefore, hostsNow } = await inspectService(machine, service, options);
  // Without that list every host is a suspect, those of Wine's own drivers too.
  const suspects =
    hostsBefore.length === 0 ? [] : hostsNow.filter((host) => !hostsBefore.includes(host));
  for (const host of suspects) {
    const result = await change(machine, `sc stop ${host}`, options);
    const error = win32ErrorOf(result);
    if (result.code === 0 || error === Win32.SERVICE_NOT_ACTIVE) continue;
    throw stopRefused(machine, service, result);
  }
}

/**
 * Safe when it does not exist. The service must be ours and stopped. Resolves once it is gone: the service
 * manager only marks one that something still holds open (a driver host that ends, a program that
 * shows services), and a service of that name cannot be made again until then.
 */
export async function deleteService(
  machine: Machine,
  service: string,
  options: ServiceOptions,
): Promise<void> {
  const result = await change(machine, `sc delete ${service}`, options);
  const error = win32ErrorOf(result);
  if (error === Win32.SERVICE_DOES_NOT_EXIST) return;
  if (result.code !== 0 && error !== Win32.SERVICE_MARKED_FOR_DELETE) {
    throw refused(machine, `delete the service "${service}"`, result);
  }
  const give_up_at = performance.now() + STOP_LIMIT_MS;
  for (;;) {
    const found = await machine.exec(`sc query ${service}`, options);
    if (win32ErrorOf(found) === Win32.SERVICE_DOES_NOT_EXIST) return;
    if (performance.now() > give_up_at) throw stillThere(machine, service, found);
    await pause(ASK_AGAIN_MS);
  }
}

const stillThere = (machine: Machine, service: string, result: CommandResult): LabError =>
  new LabError('deploy.service-failed', {
    problem: `"${machine.description.name}" still has the service "${service}" ${
      STOP_LIMIT_MS / 1_000
    } s after it was deleted.`,
    remedy: 'Close the programs that show services there, or restart it.',
    detail: said(result),
  });

function loadFailed(machine: Machine, service: string, result: CommandResult): LabError {
  const code = win32ErrorOf(result) ?? parseServiceStatus(result.stdout)?.win32ExitCode;
  const known = code === undefined ? undefined : loadErrors[code];
  const detail = said(result);
  if (known === undefined) {
    return new LabError('deploy.load-failed', {
      problem: `"${machine.description.name}" did not load ${service}: Win32 error ${
        code ?? 'unknown'
      }.`,
      remedy: 'Look the number up with `net helpmsg` on the target.',
      detail,
    });
  }
  return new LabError(known.whose === 'driver' ? 'deploy.load-failed' : 'deploy.service-failed', {
    problem: `"${machine.description.name}" did not load ${service}: ${known.means} (${
      known.name
    }, ${code}).`,
    remedy: known.remedy,
    detail,
  });
}

function stopRefused(machine: Machine, service: string, result: CommandResult): LabError {
  const noUnload = win32ErrorOf(result) === Win32.INVALID_SERVICE_CONTROL;
  return new LabError('deploy.service-failed', {
    problem: `"${machine.description.name}" does not stop the driver ${service}${
      noUnload ? ': it cannot be unloaded' : ''
    }.`,
    remedy: noUnload
      ? 'Give FLT_REGISTRATION a FilterUnloadCallback; until then restart the target.'
      : 'Restart the target; a driver that hangs while it unloads cannot be stopped otherwise.',
    detail: said(result),
  });
}

function refused(machine: Machine, what: string, result: CommandResult): LabError {
  const code = win32ErrorOf(result);
  return new LabError('deploy.service-failed', {
    problem: `"${machine.description.name}" refused to ${what}${
      code === undefined ? '' : ` (Win32 error ${code})`
    }.`,
    remedy:
      code === Win32.SERVICE_MARKED_FOR_DELETE
        ? 'It is still being deleted: close the programs that show services there, or restart it.'
        : 'Check that the account may change services: it must be an administrator.',
    detail: said(result),
  });
}

const said = ({ stdout, stderr }: CommandResult): string =>
  `${stdout}\n${stderr}`.trim().slice(0, 2_000);
