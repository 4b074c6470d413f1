// The folders that workloads may touch: one for each volume, named when the agent is started.
import { LabError } from '../../contract/errors/labError.ts';
import { escapesRoot } from '../../contract/expandWorkload.ts';
import { UNICODE_STRING_LIMIT_UNITS } from '../native/layouts.ts';

/** Volume name → absolute Windows path, "C:\\fltlab\\work". */
export type Roots = ReadonlyMap<string, string>;

/** A drive and at least one folder: the root of a drive is nobody's to empty. */
const ROOT = /^[A-Za-z]:(\\[^\\/:*?"<>|]+)+$/;

export const isRootPath = (path: string): boolean =>
  ROOT.test(path) && !path.split('\\').some((part) => /^\.+$/.test(part) || /[. ]$/.test(part));

/** The name that ntdll takes: \??\C:\fltlab\work. */
export const ntPath = (path: string): string => `\\??\\${path}`;

/** The NT path of a workload's path below the root of its volume. */
export function joinRoot(roots: Roots, volume: string, path: string): string {
  const root = roots.get(volume);
  if (root === undefined) {
    throw new LabError('workload.invalid', {
      problem: `The volume "${volume}" of the workload has no root on this target.`,
      remedy: 'Name a root for it in the settings of the target.',
    });
  }
  return checked(path === '' ? ntPath(root) : `${ntPath(root)}\\${path}`, path);
}

/** The volume that a root lies on: \??\C:. */
export const volumeName = (roots: Roots, volume: string): string =>
  joinRoot(roots, volume, '').slice(0, ntPath('C:').length);

/** A name that is relative to a handle. */
export const relativeName = (path: string): string => checked(path, path);

// The workload was checked when it was read. It is checked again here, next to the call, because
// this is the last place that knows where the root ends.
function checked(name: string, path: string): string {
  if (escapesRoot(path)) {
    throw new LabError('workload.path-escapes', {
      problem: `The path "${path}" leads outside the root of its volume.`,
      remedy: 'Write paths relative to the root, with backslashes, without "..", "." or a drive.',
    });
  }
  if (name.length > UNICODE_STRING_LIMIT_UNITS) {
    throw new LabError('workload.invalid', {
      problem: `A path of ${path.length} characters does not fit into a UNICODE_STRING.`,
      remedy: `Keep root and path together below ${UNICODE_STRING_LIMIT_UNITS} characters.`,
    });
  }
  return name;
}
