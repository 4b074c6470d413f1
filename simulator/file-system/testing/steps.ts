// For tests: steps of a workload in few words. The last argument of most is what the step returns.

export type Step = object | readonly Step[];

type Status = `STATUS_${string}`;
type More = Readonly<Record<string, unknown>>;
export type Change = readonly [action: string, name: string];

const expecting = (status: Status): object => ({ expect: { status } });
const OK = 'STATUS_SUCCESS';

let unnamed = 0;
/** A handle name that nobody needs to know. */
const someHandle = (): string => `handle${(unnamed += 1)}`;

/** An open with FILE_OPEN, all shared and everything allowed, unless said otherwise. */
export const open = (path: string, as: string, more: More = {}, status: Status = OK): Step => ({
  do: 'create',
  path,
  as,
  access: 'MAXIMUM_ALLOWED',
  share: 'R|W|D',
  ...more,
  ...expecting(status),
});

export const create = (path: string, as: string, more: More = {}, status: Status = OK): Step =>
  open(path, as, { disposition: 'CREATE', ...more }, status);

export const close = (handle: string, status: Status = OK): Step => ({
  do: 'close',
  handle,
  ...expecting(status),
});

/** Makes a file and closes it. */
export const file = (path: string, more: More = {}): Step => {
  const handle = someHandle();
  return [create(path, handle, more), close(handle)];
};

export const directory = (path: string, more: More = {}): Step =>
  file(path, { options: 'DIRECTORY_FILE', ...more });

/** Opens for DELETE with FILE_DELETE_ON_CLOSE, and closes. */
export const remove = (path: string, more: More = {}): Step => {
  const handle = someHandle();
  return [
    open(path, handle, { access: 'DELETE', options: 'DELETE_ON_CLOSE', ...more }),
    close(handle),
  ];
};

/** Whether a path can be opened for its attributes. */
export const expectOpen = (path: string, status: Status): Step =>
  open(path, someHandle(), { access: 'FILE_READ_ATTRIBUTES' }, status);

export const rename = (handle: string, to: string, more: More = {}, status: Status = OK): Step => ({
  do: 'rename',
  handle,
  to,
  ...more,
  ...expecting(status),
});

export const link = (handle: string, to: string, more: More = {}, status: Status = OK): Step => ({
  do: 'link',
  handle,
  to,
  ...more,
  ...expecting(status),
});

/** FileDispositionInformation, or …Ex where `more` has flags. */
export const dispose = (handle: string, more: More = {}, status: Status = OK): Step => ({
  do: 'set-disposition',
  handle,
  ...more,
  ...expecting(status),
});

export const write = (handle: string, text: string, offset = 0, status: Status = OK): Step => ({
  do: 'write',
  handle,
  data: { text },
  offset,
  ...expecting(status),
});

/** FILE_LIST_DIRECTORY only, so that it disturbs nobody. */
export const openWatched = (path: string, as: string): Step =>
  open(path, as, { access: 'LIST_DIRECTORY', options: 'DIRECTORY_FILE' });

/** A request for changes; its result is told by `told`. */
export const ask = (handle: string, as: string, filter: string, more: More = {}): Step => ({
  do: 'notify',
  handle,
  as,
  filter,
  length: 4096,
  ...more,
  ...expecting('STATUS_PENDING'),
});

/** Asks for changes and takes the request back: from now on changes are kept (R-NOTIFY-16). */
export const arm = (handle: string, filter: string, more: More = {}): Step => {
  const request = someHandle();
  return [ask(handle, request, filter, more), { do: 'cancel', request }];
};

/** What a request has been completed with. */
export const told = (request: string, ...changes: readonly Change[]): Step => ({
  do: 'wait',
  request,
  expect: {
    status: OK,
    events: changes.map(([action, name]) => [`FILE_ACTION_${action}`, name]),
  },
});

export const toldStatus = (request: string, status: Status): Step => ({
  do: 'wait',
  request,
  expect: { status, information: 0 },
});

export const waits = (request: string): Step => ({
  do: 'wait',
  request,
  limit_ms: 1,
  ...expecting('STATUS_TIMEOUT'),
});

/** Little-endian, in hex. */
const number = (value: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

const utf16 = (text: string): string =>
  [...text].map((unit) => number(unit.charCodeAt(0), 2)).join('');

const ascii = (text: string): string =>
  [...text].map((unit) => number(unit.charCodeAt(0), 1)).join('');

interface StandardFields {
  readonly allocation?: number;
  readonly size?: number;
  readonly links?: number;
  readonly going?: boolean;
}

/** FileStandardInformation of a file: size, names that can be opened, whether it is going away. */
export const standard = (
  handle: string,
  { allocation = 0, size = 0, links = 1, going = false }: StandardFields,
): Step => ({
  do: 'query-information',
  handle,
  class: 'FileStandardInformation',
  expect: {
    status: OK,
    bytes: [
      number(allocation, 8),
      number(size, 8),
      number(links, 4),
      number(Number(going), 1),
      number(0, 3),
    ].join(''),
  },
});

/** FileNameInformation of a handle. */
export const called = (handle: string, name: string): Step => ({
  do: 'query-information',
  handle,
  class: 'FileNameInformation',
  expect: { status: OK, bytes: number(2 * name.length, 4) + utf16(name) },
});

/** FileNamesInformation of a directory: exactly these names, in this order. */
export const lists = (handle: string, mask: string | null, ...names: readonly string[]): Step => {
  const entries = names.map((name, index) => {
    const length = 12 + 2 * name.length;
    const isLast = index === names.length - 1;
    const padded = isLast ? length : (length + 7) & ~7;
    const next = number(isLast ? 0 : padded, 4);
    return (
      next + number(0, 4) + number(2 * name.length, 4) + utf16(name) + number(0, padded - length)
    );
  });
  return {
    do: 'query-directory',
    handle,
    class: 'FileNamesInformation',
    mask,
    expect: { status: OK, bytes: entries.join('') },
  };
};

/** What lies at `offset`, by a handle for synchronous I/O. */
export const reads = (handle: string, text: string, length: number, offset = 0): Step => ({
  do: 'read',
  handle,
  length,
  offset,
  expect: { status: OK, bytes: ascii(text) },
});
