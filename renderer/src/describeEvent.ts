// One line of a trace in the reader's words: Windows names verbatim, numbers in hex.
import type { TraceEvent } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/ntstatus.ts';

export interface EventText {
  readonly who: string;
  readonly what: string;
  readonly result: string;
  /** `step`: what the workload sees; `inner`: what happens below; `finding`: what went wrong. */
  readonly level: 'step' | 'inner' | 'finding';
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
const entries = (list: readonly { action: string; name: string }[] | undefined): string =>
  (list ?? []).map((one) => `${one.action.replace('FILE_ACTION_', '')} ${one.name}`).join(', ');

export function describeEvent(event: TraceEvent): EventText {
  const who = event.actor ?? '';
  switch (event.kind) {
    case 'step': {
      const information = event.information === undefined ? '' : ` ${hex(event.information)}`;
      const result = `${ntStatusName(event.status)}${information}`;
      return { who: `${who} ${event.step}`, what: event.operation, result, level: 'step' };
    }
    case 'completion': {
      const result = `${ntStatusName(event.status)} ${hex(event.information)} ${entries(event.entries)}`;
      return { who: `${who} ${event.step}`, what: `${event.operation} ▸`, result, level: 'step' };
    }
    case 'pre-operation':
      return {
        who: event.filter,
        what: `pre ${event.major}`,
        result: `${event.returned}${event.status === undefined ? '' : ` ${ntStatusName(event.status)}`}${event.redirectedTo === undefined ? '' : ` ⇒ ${event.redirectedTo}`}`,
        level: 'inner',
      };
    case 'post-operation':
      return {
        who: event.filter,
        what: `post ${event.major}`,
        result: `${ntStatusName(event.statusAfter ?? event.status)} ${hex(event.informationAfter ?? event.information)} flags ${hex(event.flags)}`,
        level: 'inner',
      };
    case 'driver-call':
      return { who: event.driver, what: event.routine, result: event.result, level: 'inner' };
    case 'debug-print':
      return { who: event.driver, what: 'DbgPrint', result: event.text.trimEnd(), level: 'inner' };
    case 'irp':
      return {
        who: event.device.replace(/^.*\\/, ''),
        what: `${event.phase} ${event.major}`,
        result: event.status === undefined ? '' : ntStatusName(event.status),
        level: 'inner',
      };
    case 'fast-io':
      return {
        who: event.device.replace(/^.*\\/, ''),
        what: event.entry,
        result: event.status === undefined ? 'FALSE' : `TRUE ${ntStatusName(event.status)}`,
        level: 'inner',
      };
    case 'copy-to-user':
      return {
        who: event.process,
        what: 'copy to user buffer',
        result: hex(event.length),
        level: 'inner',
      };
    case 'notify-report':
      return { who: 'FsRtl', what: `report ${event.action}`, result: event.name, level: 'inner' };
    case 'driver':
      return {
        who: event.driver,
        what: event.phase,
        result: ntStatusName(event.status),
        level: 'inner',
      };
    case 'finding':
      return { who, what: event.finding.id, result: event.finding.message, level: 'finding' };
    case 'bugcheck':
      return { who, what: 'bugcheck', result: event.name, level: 'finding' };
  }
}
