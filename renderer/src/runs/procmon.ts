// What Process Monitor saved as CSV: one event a record, columns named in the first. Its default columns
// are Time of Day, Process Name, PID, Operation, Path, Result and Detail; people add and reorder them, so
// they are found by name.

export interface ProcmonEvent {
  readonly time: string;
  readonly process: string;
  readonly pid: string;
  readonly operation: string;
  readonly path: string;
  /** As Process Monitor words it: "NAME NOT FOUND". */
  readonly result: string;
  /** The NTSTATUS behind it, where that is known for sure. */
  readonly status: string | undefined;
  readonly detail: string;
}

export type ProcmonFile =
  | {
      readonly kind: 'read';
      readonly name: string;
      readonly events: readonly ProcmonEvent[];
      /** Records that are not as long as the first: left out. */
      readonly damaged: number;
    }
  | { readonly kind: 'refused'; readonly name: string; readonly problem: string };

/** More is a capture of everything for minutes: filter it before it is saved. */
export const PROCMON_EVENTS_MAX = 500_000;
const required = ['Operation', 'Path', 'Result'] as const;

/** Process Monitor leaves out what every status has in common, and words a few in its own way. */
const statuses: Readonly<Record<string, string>> = {
  SUCCESS: 'STATUS_SUCCESS',
  REPARSE: 'STATUS_REPARSE',
  'ACCESS DENIED': 'STATUS_ACCESS_DENIED',
  'BUFFER OVERFLOW': 'STATUS_BUFFER_OVERFLOW',
  'BUFFER TOO SMALL': 'STATUS_BUFFER_TOO_SMALL',
  CANCELLED: 'STATUS_CANCELLED',
  'DELETE PENDING': 'STATUS_DELETE_PENDING',
  'END OF FILE': 'STATUS_END_OF_FILE',
  'FAST IO DISALLOWED': 'STATUS_FLT_DISALLOW_FAST_IO',
  'FILE LOCKED WITH ONLY READERS': 'STATUS_FILE_LOCKED_WITH_ONLY_READERS',
  'FILE LOCKED WITH WRITERS': 'STATUS_FILE_LOCKED_WITH_WRITERS',
  'INVALID DEVICE REQUEST': 'STATUS_INVALID_DEVICE_REQUEST',
  'INVALID PARAMETER': 'STATUS_INVALID_PARAMETER',
  'NAME COLLISION': 'STATUS_OBJECT_NAME_COLLISION',
  'NAME INVALID': 'STATUS_OBJECT_NAME_INVALID',
  'NAME NOT FOUND': 'STATUS_OBJECT_NAME_NOT_FOUND',
  'NO MORE FILES': 'STATUS_NO_MORE_FILES',
  'NO SUCH FILE': 'STATUS_NO_SUCH_FILE',
  'NOTIFY CLEANUP': 'STATUS_NOTIFY_CLEANUP',
  'NOTIFY ENUM DIR': 'STATUS_NOTIFY_ENUM_DIR',
  'PATH NOT FOUND': 'STATUS_OBJECT_PATH_NOT_FOUND',
  'SHARING VIOLATION': 'STATUS_SHARING_VIOLATION',
};

export function readProcmon(name: string, text: string): ProcmonFile {
  const refused = (problem: string): ProcmonFile => ({ kind: 'refused', name, problem });
  if (text.startsWith('PML_')) {
    return refused('It is a PML file: save it as CSV in Process Monitor (File, Save).');
  }
  const [header, ...records] = recordsOf(text.replace(/^\ufeff/, ''));
  if (header === undefined) return refused('It is empty.');
  const absent = required.filter((one) => !header.includes(one));
  if (absent.length > 0) {
    return refused(`It has no column ${absent.join(', ')}: save it as CSV in Process Monitor.`);
  }
  if (records.length > PROCMON_EVENTS_MAX) {
    return refused(
      `It has ${records.length} events, more than ${PROCMON_EVENTS_MAX}: filter before saving it.`,
    );
  }
  const whole = records.filter((one) => one.length === header.length);
  const at = (record: readonly string[], column: string): string =>
    record[header.indexOf(column)] ?? '';
  const events = whole.map((one): ProcmonEvent => {
    const result = at(one, 'Result');
    return {
      time: at(one, 'Time of Day') || at(one, 'Date & Time') || at(one, 'Relative Time'),
      process: at(one, 'Process Name'),
      pid: at(one, 'PID'),
      operation: at(one, 'Operation'),
      path: at(one, 'Path'),
      result,
      status: statuses[result],
      detail: at(one, 'Detail'),
    };
  });
  return { kind: 'read', name, events, damaged: records.length - whole.length };
}

/** RFC 4180: fields in quotes may hold commas, line ends, and quotes that are doubled. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let record: string[] = [];
  let from = 0;
  while (from < text.length) {
    field.lastIndex = from;
    const found = field.exec(text);
    // A quote in the middle of a field: the rest of the line cannot be told apart.
    if (found === null) {
      const end = text.indexOf('\n', from);
      records.push([]);
      record = [];
      from = end < 0 ? text.length : end + 1;
      continue;
    }
    from = field.lastIndex;
    const [, quoted, bare = '', after] = found;
    record.push(quoted?.replaceAll('""', '"') ?? bare);
    if (after === ',' && from < text.length) continue;
    records.push(record);
    record = [];
  }
  return records;
}
