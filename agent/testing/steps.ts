// Steps as a person writes them, and where the agent lies, for the tests that run it on Wine.
import type { AgentLaunch } from '../../lab/agentClient/index.ts';
import { installed } from './wine.ts';

export type Step = Readonly<Record<string, unknown>>;

export const launchOnWine: AgentLaunch = {
  kind: 'wine',
  ...installed,
  state: 'C:\\fltlab\\state',
  roots: { C: 'C:\\fltlab\\work', D: 'C:\\fltlab\\work-d' },
};

export const SYNC = 'NON_DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT';
export const make = (path: string, as = 'f', more: Step = {}): Step => ({
  do: 'create',
  path,
  as,
  access: 'GENERIC_READ|GENERIC_WRITE|DELETE|SYNCHRONIZE',
  disposition: 'CREATE',
  options: SYNC,
  ...more,
});
export const open = (path: string, as = 'f', more: Step = {}): Step =>
  make(path, as, { disposition: 'OPEN', ...more });
export const close = (handle = 'f'): Step => ({ do: 'close', handle });
export const watched: Step = {
  do: 'create',
  path: 'w',
  as: 'd',
  access: 'FILE_LIST_DIRECTORY|SYNCHRONIZE',
  disposition: 'OPEN_IF',
  options: 'DIRECTORY_FILE',
};
export const notify = (as: string, more: Step = {}): Step => ({
  do: 'notify',
  handle: 'd',
  filter: 'FILE_NAME',
  length: 2048,
  as,
  ...more,
});
export const wait = (request: string, limit_ms = 5_000): Step => ({
  do: 'wait',
  request,
  limit_ms,
});
export const as = (actor: string, step: Step): Step => ({ ...step, actor });
