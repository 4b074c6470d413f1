// Which request means what in which state. The whole table: a pair that is refused says why, and a
// request whose goal is reached already is done without a word to the hypervisor.
import type { VmState } from '../../contract/vm.ts';

export type VmRequest =
  'start' | 'shut-down' | 'power-off' | 'revert' | 'create-snapshot' | 'delete-snapshot' | 'nmi';

export type Plan =
  /** Carry it out. */
  | 'do'
  /** The machine is where it should be. */
  | 'nothing'
  /** Let the processors go on. */
  | 'resume'
  /** Wait for the hypervisor to finish what it does, then look again. */
  | 'wait'
  /** Switch off first: a guest that has crashed cannot be asked, and cannot be started over. */
  | 'power-off-first'
  | { readonly refuse: string };

const refuse = (why: string): Plan => ({ refuse: why });

export const lifecycle: Readonly<Record<VmRequest, Readonly<Record<VmState, Plan>>>> = {
  start: {
    off: 'do',
    saved: 'do',
    running: 'nothing',
    paused: 'resume',
    changing: 'wait',
    crashed: 'power-off-first',
  },
  'shut-down': {
    off: 'nothing',
    saved: 'power-off-first',
    running: 'do',
    paused: refuse('its processors stand still, so the guest cannot be asked'),
    changing: 'wait',
    crashed: 'power-off-first',
  },
  'power-off': {
    off: 'nothing',
    saved: 'do',
    running: 'do',
    paused: 'do',
    // A hypervisor that hangs in the middle is what a person pulls the plug for.
    changing: 'do',
    crashed: 'do',
  },
  revert: {
    off: 'do',
    saved: 'do',
    running: 'do',
    paused: 'do',
    changing: 'wait',
    crashed: 'do',
  },
  'create-snapshot': {
    off: 'do',
    saved: refuse('its memory is on disk: start it or switch it off first'),
    running: 'do',
    paused: 'do',
    changing: 'wait',
    crashed: refuse('a snapshot of a crashed guest is no state to return to'),
  },
  'delete-snapshot': {
    off: 'do',
    saved: 'do',
    running: 'do',
    paused: 'do',
    changing: 'wait',
    crashed: 'do',
  },
  nmi: {
    off: refuse('it is off'),
    saved: refuse('it is off'),
    running: 'do',
    paused: refuse('its processors stand still'),
    changing: 'wait',
    crashed: refuse('its guest has ended already'),
  },
};
