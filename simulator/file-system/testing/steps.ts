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

/** FileStandardInformation of a handle: size, names that can be opened, whether it is going away. */
export const standard = (
  handle: string,
  fields: {
    allocation?: number;
    size?: number;
    links?: number;
    going?: boolean;
    directory?: boolean;
  },
): Step => {
  const {
    allocation = 0,
    size = 0,
    links = 1,
    going = false,
    directory: isDirectory = false,
  } = fields;
  const bytes = Buffer.alloc(24);
  bytes.writeBigInt64LE(BigInt(allocation), 0);
  bytes.writeBigInt64LE(BigInt(size), 8);
  bytes.writeUInt32LE(links, 16);
  bytes.writeUInt8(Number(going), 20);
  bytes.writeUInt8(Number(isDirectory), 21);
  return {
    do: 'query-information',
    handle,
    class: 'FileStandardInformation',
    expect: { status: OK, bytes: bytes.toString('hex') },
  };
};

/** FileNameInformation of a handle. */
export const called = (handle: string, name: string): Step => {
  const text = Buffer.from(name, 'utf16le');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return {
    do: 'query-information',
    handle,
    class: 'FileNameInformation',
    expect: { status: OK, bytes: Buffer.concat([length, text]).toString('hex') },
  };
};

/** FileNamesInformation of a directory: exactly these names, in this order. */
export const lists = (handle: string, mask: string | null, ...names: readonly string[]): Step => {
  const entries = names.map((name, index) => {
    const text = Buffer.from(name, 'utf16le');
    const isLast = index === names.length - 1;
    const length = 12 + text.length;
    const entry = Buffer.alloc(isLast ? length : (length + 7) & ~7);
    entry.writeUInt32LE(isLast ? 0 : entry.length, 0);
    entry.writeUInt32LE(text.length, 8);
    text.copy(entry, 12);
    return entry;
  });
  return {
    do: 'query-directory',
    handle,
    class: 'FileNamesInformation',
    mask,
    expect: { status: OK, bytes: Buffer.concat(entries).toString('hex') },
  };
};

/** What lies at `offset`, by a handle for synchronous I/O. */
export const reads = (handle: string, text: string, length: number, offset = 0): Step => ({
  do: 'read',
  handle,
  length,
  offset,
  expect: { status: OK, bytes: Buffer.from(text).toString('hex') },
});
