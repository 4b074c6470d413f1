// From the file a person wrote to the flat list of steps that an executor runs: repetitions unrolled,
// every step with its actor and its id, every name checked. The simulator and the agent both start
// from this list, so that a step has the same id on both sides.
import { LabError } from './errors/labError.ts';
import type { Stack } from './stack.ts';
import { parseOrThrow } from './versioned.ts';
import { SimpleStep, workloadFormat, type RepeatStep, type Workload } from './workload.ts';

type WithoutBarrier = Exclude<SimpleStep, { do: 'barrier' }>;
export type ConcreteStep =
  | (WithoutBarrier & { readonly id: string; readonly actor: string })
  | (Extract<SimpleStep, { do: 'barrier' }> & { readonly id: string });
export type ActingStep = Extract<ConcreteStep, { actor: string }>;

export interface ExpandedWorkload {
  readonly name: string;
  readonly title: string;
  readonly order: Workload['order'];
  readonly volumes: readonly string[];
  readonly setup: Workload['setup'];
  /** Left out: the plain stack, one frame on every volume. */
  readonly stack?: Stack;
  /** Actor → process name. */
  readonly processes: Readonly<Record<string, string>>;
  /** Process name → all that its token holds; processes with what everybody has are left out. */
  readonly privileges?: Readonly<Record<string, readonly string[]>>;
  readonly steps: readonly ConcreteStep[];
}

/** Most steps an expanded workload may have: a slip of the keyboard must not fill the memory. */
const STEPS_MAX = 10_000_000;

/** Parses and expands what was read from a file; `what` names it in errors. */
export function readWorkload(document: unknown, what: string): ExpandedWorkload {
  return expandWorkload(parseOrThrow(workloadFormat, document, what, 'workload.invalid'), what);
}

export function expandWorkload(workload: Workload, what = workload.name): ExpandedWorkload {
  const check = new Checker(workload, what);
  for (const item of workload.setup) {
    check.path('mkdir' in item ? item.mkdir : item.file, 'setup');
    check.volume(item.volume, 'setup');
  }
  check.stack();
  const steps: ConcreteStep[] = [];
  workload.steps.forEach((written, index) => {
    const place = `s${index + 1}`;
    if (written.do === 'repeat') unrollInto(steps, written, place, check);
    else steps.push(check.step(written, place));
  });
  return {
    name: workload.name,
    title: workload.title,
    order: workload.order,
    volumes: workload.volumes,
    setup: workload.setup,
    ...(workload.stack === undefined ? {} : { stack: workload.stack }),
    processes: Object.fromEntries(
      Object.entries(workload.actors).map(([name, actor]) => [name, actor.process ?? name]),
    ),
    ...privilegesOf(workload),
    steps,
  };
}

/** What the token of any user holds. */
const EVERYBODY = ['SeChangeNotifyPrivilege'] as const;

function privilegesOf({ actors }: Workload): Pick<ExpandedWorkload, 'privileges'> {
  const entries = Object.entries(actors).flatMap(
    ([name, { process = name, privileges = [], lacks = [] }]) => {
      if (privileges.length === 0 && lacks.length === 0) return [];
      const usual = EVERYBODY.filter((one) => !lacks.includes(one));
      return [[process, [...usual, ...privileges]] as const];
    },
  );
  return entries.length === 0 ? {} : { privileges: Object.fromEntries(entries) };
}

function unrollInto(into: ConcreteStep[], repeat: RepeatStep, place: string, check: Checker): void {
  if (into.length + repeat.times * repeat.steps.length > STEPS_MAX) {
    throw check.error(place, `more than ${STEPS_MAX} steps after repetition`);
  }
  for (let count = 0; count < repeat.times; count += 1) {
    const i = String(repeat.from + count);
    repeat.steps.forEach((written, index) => {
      const inner = `${place}.${index + 1}`;
      const parsed = SimpleStep.safeParse(substitute(written, i));
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw check.error(inner, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
      }
      into.push(check.step(parsed.data, `${inner}[${i}]`));
    });
  }
}

function substitute(value: unknown, i: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{i}', i);
  if (Array.isArray(value)) return value.map((one) => substitute(one, i));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, substitute(one, i)]));
  }
  return value;
}

/** Checks names and paths as steps pass by in written order. */
class Checker {
  private readonly workload: Workload;
  private readonly what: string;
  private readonly firstActor: string;
  private readonly handles = new Set<string>();
  private readonly requests = new Set<string>();
  private readonly views = new Set<string>();
  private readonly ids = new Set<string>();

  constructor(workload: Workload, what: string) {
    this.workload = workload;
    this.what = what;
    const first = Object.keys(workload.actors)[0];
    if (first === undefined) throw this.error('actors', 'at least one actor is needed');
    this.firstActor = first;
  }

  error(place: string, problem: string): LabError {
    return new LabError('workload.invalid', {
      problem: `${this.what}: ${place}: ${problem}.`,
      remedy: 'Mend the workload; docs/formats.md describes its language.',
    });
  }

  step(step: SimpleStep, place: string): ConcreteStep {
    const id = step.id ?? place;
    if (this.ids.has(id)) throw this.error(place, `the id "${id}" is used twice`);
    this.ids.add(id);
    if (step.do === 'barrier') {
      for (const actor of step.actors) this.actor(actor, id);
      return { ...step, id };
    }
    const actor = step.actor ?? this.firstActor;
    this.actor(actor, id);
    this.names(step, id);
    return { ...step, id, actor };
  }

  path(path: string, place: string): void {
    if (escapesRoot(path)) {
      throw new LabError('workload.path-escapes', {
        problem: `${this.what}: ${place}: the path "${path}" leads outside the root of its volume.`,
        remedy: 'Write paths relative to the root, with backslashes, without "..", "." or a drive.',
      });
    }
  }

  volume(volume: string | undefined, place: string): void {
    if (volume !== undefined && !this.workload.volumes.includes(volume)) {
      throw this.error(
        place,
        `no volume "${volume}"; there are: ${this.workload.volumes.join(', ')}`,
      );
    }
  }

  stack(): void {
    const { stack } = this.workload;
    if (stack === undefined) return;
    for (const { volumes = [] } of [...stack.legacyFilters, ...stack.neighbours]) {
      for (const volume of volumes) this.volume(volume, 'stack');
    }
    const frames = stack.frameBoundaries.length + 1;
    const lost = stack.legacyFilters.find(({ aboveFrame }) => aboveFrame >= frames);
    if (lost === undefined) return;
    throw this.error(
      'stack',
      `${lost.driver} stands above frame ${lost.aboveFrame}; there are ${frames}, from 0 on`,
    );
  }

  private actor(name: string, place: string): void {
    if (!Object.hasOwn(this.workload.actors, name)) {
      const known = Object.keys(this.workload.actors).join(', ');
      throw this.error(place, `no actor "${name}"; there are: ${known}`);
    }
  }

  private names(step: WithoutBarrier, id: string): void {
    if ('handle' in step && step.handle !== undefined)
      this.known(this.handles, step.handle, id, 'handle');
    if ('root' in step && step.root !== undefined)
      this.known(this.handles, step.root, id, 'handle');
    if ('request' in step && step.request !== undefined) {
      this.known(this.requests, step.request, id, 'request');
    }
    if ('view' in step) this.known(this.views, step.view, id, 'view');
    if (step.do === 'create' && step.byId !== undefined) {
      if (!isFileId(step.byId)) this.known(this.handles, step.byId, id, 'handle');
      if (step.path !== '') throw this.error(id, 'a create by file id has no path');
    }
    if ('path' in step) this.path(pathOf(step.path, step), id);
    if ('to' in step && step.to !== undefined) this.path(step.to, id);
    if ('simple' in step && step.simple === true && step.to.includes('\\')) {
      throw this.error(id, 'a simple name has no backslash');
    }
    if (step.do === 'map-view' && step.address !== undefined)
      this.known(this.views, step.address.view, id, 'view');
    if ('volume' in step) this.volume(step.volume, id);
    if (step.do === 'cancel' && (step.handle === undefined) === (step.request === undefined)) {
      throw this.error(id, 'cancel takes either a handle or a request');
    }
    if ('as' in step && step.as !== undefined) {
      const isHandle = makesHandle(step);
      if (isHandle) this.handles.add(step.as);
      if (step.do === 'map-view') this.views.add(step.as);
      else if (!isHandle || ('start' in step && step.start === true)) this.requests.add(step.as);
    }
  }

  private known(names: ReadonlySet<string>, name: string, id: string, what: string): void {
    if (!names.has(name)) throw this.error(id, `no ${what} "${name}" was made before this step`);
  }
}

/**
 * A name that is relative to a handle may begin with a backslash: the file system refuses it, and
 * agents do so before.
 */
const pathOf = (path: string, step: object): string =>
  'root' in step && step.root !== undefined ? path.replace(/^\\(?!\\)/, '') : path;

const makers: ReadonlySet<string> = new Set([
  'create',
  'duplicate',
  'create-section',
  'connect-port',
]);

/** The step's `as` names a handle. */
export const makesHandle = ({ do: kind }: { readonly do: string }): boolean => makers.has(kind);

/** A file id as it stands, and not the name of a handle. */
export const isFileId = (byId: string): boolean => /^[0-9]/.test(byId);

/**
 * Whether a workload path could name something outside its root on any target. A ":" names a stream;
 * what it names may be nonsense ("f:s\\x"), as long as no reader takes it for a drive.
 */
export function escapesRoot(path: string): boolean {
  if (path === '') return false;
  if (/^[\\/]/.test(path) || path.includes('\0')) return true;
  // In the name of a stream a slash leads nowhere: it is not a legal character of one.
  const file = path.replace(/:[^\\]*$/, '');
  if (path.slice(file.length).includes('..')) return true;
  const components = path.split('\\');
  if (/^[A-Za-z]:$/.test(path) || (components.length > 1 && /^[A-Za-z]:/.test(path))) return true;
  if (components.some((component) => component === '..' || component === '.')) return true;
  // A slash alone is a bad name; between names it would be somebody's idea of a separator.
  return file.split('\\').some((component) => component.includes('/') && component !== '/');
}
