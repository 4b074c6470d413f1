// What the agent refuses before the first step is carried out: steps that could reach outside the
// roots, and steps that have no meaning on a real machine.
import { LabError } from '../../contract/errors/labError.ts';
import {
  isFileId,
  makesHandle,
  type ActingStep,
  type ExpandedWorkload,
} from '../../contract/expandWorkload.ts';
import { isSimulatorOnly, simulatorOnly } from '../../contract/workloadPorts.ts';
import {
  CreateOption,
  fsControlName,
  FsControlCode,
  ReparseTag,
} from '../../contract/windows/index.ts';
import { parseSid } from '../native/securityDescriptor.ts';
import { BLOCKING_CALLS_MAX } from '../process/workerProcess.ts';
import { joinRoot, type Roots } from './roots.ts';

/** Classes of NtSetInformationFile whose data carries a name, an address or a handle (ntifs.h). */
const carryingClasses: ReadonlyMap<number, string> = new Map([
  [10, 'rename'],
  [11, 'link'],
  [30, 'an I/O completion port'],
  [31, 'a cluster move'],
  [40, 'a short name'],
  [56, 'rename'],
  [57, 'link'],
  [61, 'an I/O completion port'],
  [65, 'rename'],
  [66, 'rename'],
  [72, 'link'],
  [73, 'link'],
]);

/**
 * File-system controls that neither carry a name nor move anything nor concern everybody on the volume
 * (winioctl.h).
 */
const harmlessControls: ReadonlySet<number> = new Set(
  Object.entries(FsControlCode)
    .filter(([name]) => name !== 'FSCTL_SET_REPARSE_POINT' && !/_VOLUME$/.test(name))
    .map(([, code]) => code),
);
const nameTags: readonly number[] = [
  ReparseTag.IO_REPARSE_TAG_MOUNT_POINT,
  ReparseTag.IO_REPARSE_TAG_SYMLINK,
];

/** Function codes from 0x800 on are never Microsoft's: only a filter of somebody's takes them. */
const isVendors = (code: number): boolean => ((code >>> 2) & 0xfff) >= 0x800;

/** A reparse point with raw data could lead anywhere; "to" has been checked. */
function reparsesOutside(step: ActingStep): string | undefined {
  if (step.do === 'fsctl' && !harmlessControls.has(step.code) && !isVendors(step.code)) {
    return `the control ${fsControlName(step.code)} may reach outside the root`;
  }
  if (step.do === 'set-reparse' && step.to === undefined && nameTags.includes(step.tag)) {
    return 'a mount point or symbolic link with raw data may lead outside the root; use "to"';
  }
  return undefined;
}

/** Who made a name: an actor's process, and the step. */
interface Maker {
  readonly process: string;
  readonly step: ActingStep;
}

/** Throws LabError `workload.invalid` or `workload.path-escapes`. */
export function refuseWhatCannotRun(workload: ExpandedWorkload, roots: Roots): void {
  for (const volume of workload.volumes) joinRoot(roots, volume, '');
  const made = {
    handles: new Map<string, Maker>(),
    requests: new Map<string, Maker>(),
    views: new Map<string, Maker>(),
  };
  const starts = new Map<string, number>();
  for (const step of workload.steps) {
    if (step.do === 'barrier') continue;
    const process = workload.processes[step.actor] ?? step.actor;
    const problem = problemOf(step, process, made);
    if (problem !== undefined) throw refused(step.id, problem);
    if ('start' in step && step.start === true) {
      const count = (starts.get(process) ?? 0) + 1;
      starts.set(process, count);
      if (count > BLOCKING_CALLS_MAX / 2) {
        throw refused(step.id, `more than ${BLOCKING_CALLS_MAX / 2} started calls in one process`);
      }
    }
    if ('as' in step && step.as !== undefined) {
      const maker = { process, step };
      if (makesHandle(step)) made.handles.set(step.as, maker);
      if (step.do === 'map-view') made.views.set(step.as, maker);
      else if (!makesHandle(step) || ('start' in step && step.start === true))
        made.requests.set(step.as, maker);
    }
  }
}

function problemOf(
  step: ActingStep,
  process: string,
  made: {
    readonly handles: ReadonlyMap<string, Maker>;
    readonly requests: ReadonlyMap<string, Maker>;
    readonly views: ReadonlyMap<string, Maker>;
  },
): string | undefined {
  return (
    foreign(step, process, made) ??
    (isSimulatorOnly(step.do) ? simulatorOnly[step.do] : undefined) ??
    (step.do === 'create' &&
    ((step.options & CreateOption.FILE_OPEN_BY_FILE_ID) !== 0 ||
      (step.byId !== undefined && isFileId(step.byId)))
      ? 'FILE_OPEN_BY_FILE_ID can name a file outside the root of the volume'
      : undefined) ??
    (step.do === 'set-information' && carryingClasses.has(step.class)
      ? `information class ${step.class} (${carryingClasses.get(step.class)}) may reach outside ` +
        'the root; use the step of that name, if there is one'
      : undefined) ??
    reparsesOutside(step) ??
    ('path' in step && step.path.startsWith('\\')
      ? 'a name that begins with a backslash may be taken from the root of the volume'
      : undefined) ??
    badSid(step) ??
    (step.do === 'cancel' && step.request !== undefined
      ? startedCreate(made.requests.get(step.request))
      : undefined)
  );
}

/** Handles and events are good in the process that opened them. */
function foreign(
  step: ActingStep,
  process: string,
  made: {
    readonly handles: ReadonlyMap<string, Maker>;
    readonly requests: ReadonlyMap<string, Maker>;
    readonly views: ReadonlyMap<string, Maker>;
  },
): string | undefined {
  const used = [
    ['handle', 'handle' in step ? made.handles.get(step.handle ?? '') : undefined],
    ['handle', 'byId' in step ? made.handles.get(step.byId ?? '') : undefined],
    ['handle', 'root' in step ? made.handles.get(step.root ?? '') : undefined],
    ['view', 'view' in step ? made.views.get(step.view) : undefined],
    ['request', 'request' in step ? made.requests.get(step.request ?? '') : undefined],
  ] as const;
  for (const [what, maker] of used) {
    if (maker !== undefined && maker.process !== process) {
      return `the ${what} that it uses was made in process "${maker.process}" by step "${maker.step.id}"`;
    }
  }
  return undefined;
}

function badSid(step: ActingStep): string | undefined {
  if (step.do !== 'set-security' || step.dacl === 'same') return undefined;
  const bad = step.dacl.find((ace) => parseSid(ace.sid) === undefined);
  return bad === undefined ? undefined : `"${bad.sid}" is not a SID of the form S-1-5-32-544`;
}

const startedCreate = (maker: Maker | undefined): string | undefined =>
  maker?.step.do === 'create'
    ? 'a create that is under way has no file object yet and cannot be cancelled'
    : undefined;

const refused = (step: string, problem: string): LabError =>
  new LabError('workload.invalid', {
    problem: `The agent cannot carry out step "${step}": ${problem}.`,
    remedy: 'Change the step; docs/formats.md describes what each may do.',
  });
