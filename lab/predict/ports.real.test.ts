// Communication ports: what passes between a driver and a program, and what a driver gets wrong.
import { afterAll, expect, test } from 'vitest';
import type { TraceEvent } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/index.ts';
import { openDriverBench, type DriverParts } from './testing/driverBench.ts';

const bench = openDriverBench();
afterAll(() => bench.dispose());

const PORT = '\\Bench';
const actors = { main: { process: 'program' }, other: { process: 'program' } };

/** A driver with a port; each part may say what differs. */
interface PortParts {
  readonly connect?: string;
  readonly disconnect?: string;
  readonly message?: string;
  readonly most?: number;
  readonly pre?: string;
  readonly unload?: string;
  readonly attributes?: string;
}

function withPort(parts: PortParts): DriverParts {
  const {
    connect = '    return STATUS_SUCCESS;',
    disconnect = '    FltCloseClientPort(Filter, &Client);',
    message = '    *Returned = 0; return STATUS_SUCCESS;',
    most = 1,
    pre,
    unload = '    FltCloseCommunicationPort(Server);',
    attributes = 'OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE',
  } = parts;
  return {
    globals: `
static PFLT_PORT Server, Client;
static NTSTATUS FLTAPI Connect (PFLT_PORT ClientPort, PVOID Cookie, PVOID Context, ULONG Size, PVOID *ConnectionCookie)
{
    Client = ClientPort; *ConnectionCookie = NULL;
    DbgPrint("connect %u bytes, cookie %s\\n", Size, (PCSTR)Cookie);
    UNREFERENCED_PARAMETER(Context);
${connect}
}
static VOID FLTAPI Disconnect (PVOID Cookie)
{
    UNREFERENCED_PARAMETER(Cookie); DbgPrint("disconnect\\n");
${disconnect}
}
static NTSTATUS FLTAPI Message (PVOID Cookie, PVOID Input, ULONG InputLength, PVOID Output, ULONG OutputLength, PULONG Returned)
{
    UNREFERENCED_PARAMETER(Cookie); UNREFERENCED_PARAMETER(Input); UNREFERENCED_PARAMETER(InputLength);
    UNREFERENCED_PARAMETER(Output); UNREFERENCED_PARAMETER(OutputLength); UNREFERENCED_PARAMETER(Returned);
${message}
}
static NTSTATUS OpenPort (VOID)
{
    PSECURITY_DESCRIPTOR sd; OBJECT_ATTRIBUTES oa; UNICODE_STRING name; NTSTATUS status;
    status = FltBuildDefaultSecurityDescriptor(&sd, FLT_PORT_ALL_ACCESS);
    if (!NT_SUCCESS(status)) return status;
    RtlInitUnicodeString(&name, L"\\\\Bench");
    InitializeObjectAttributes(&oa, &name, ${attributes}, NULL, sd);
    status = FltCreateCommunicationPort(Filter, &Server, &oa, "server", Connect, Disconnect, Message, ${most});
    FltFreeSecurityDescriptor(sd);
    return status;
}
`,
    registered: '    OpenPort();',
    unload,
    ...(pre === undefined ? {} : { pre }),
  };
}

const connect = { do: 'connect-port', port: PORT, as: 'p', id: 'connect' };
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');

const stepsOf = (events: readonly TraceEvent[]): readonly string[] =>
  events.flatMap((event) =>
    event.kind === 'step'
      ? [`${event.step} ${ntStatusName(event.status)}${event.bytes ? ` ${event.bytes}` : ''}`]
      : event.kind === 'completion'
        ? [`${event.request}: ${ntStatusName(event.status)} ${event.bytes}`]
        : [],
  );

test('a program connects, is answered, and leaves', async () => {
  const message = `
    if (Output == NULL || OutputLength < 4) return STATUS_BUFFER_TOO_SMALL;
    __try { ((PUCHAR)Output)[0] = ((PUCHAR)Input)[InputLength - 1]; ((PUCHAR)Output)[1] = '!'; }
    __except (EXCEPTION_EXECUTE_HANDLER) { return GetExceptionCode(); }
    *Returned = 2; return STATUS_SUCCESS;`;
  const { prediction, printed, findings } = await bench.run(
    withPort({ message }),
    [
      { do: 'connect-port', port: '\\Nobody', as: 'n', id: 'nobody' },
      { ...connect, port: '\\bENCH', context: { text: 'hello' } },
      { ...connect, as: 'second', id: 'full' },
      { do: 'send-message', handle: 'p', data: { text: 'abc' }, length: 8, id: 'ask' },
      { do: 'send-message', handle: 'p', data: { text: 'abc' }, length: 2, id: 'short' },
      { do: 'close', handle: 'p', id: 'close' },
      { do: 'send-message', handle: 'p', length: 8, id: 'after' },
      { ...connect, id: 'again' },
    ],
    { actors },
  );
  expect(stepsOf(prediction.events)).toEqual([
    'nobody STATUS_OBJECT_NAME_NOT_FOUND',
    'connect STATUS_SUCCESS',
    'full STATUS_CONNECTION_COUNT_LIMIT',
    `ask STATUS_SUCCESS ${text('c!')}`,
    'short STATUS_BUFFER_TOO_SMALL',
    'close STATUS_SUCCESS',
    'after STATUS_INVALID_HANDLE',
    'again STATUS_SUCCESS',
  ]);
  expect(printed).toEqual([
    'connect 5 bytes, cookie server\n',
    'disconnect\n',
    'connect 0 bytes, cookie server\n',
    'disconnect\n',
  ]);
  expect(findings).toEqual([]);
  expect(prediction.outcome).toBe('completed');
});

/** Each flush sends "ping" and prints how it went, with what came back. */
const sending = (timeout: string): string => `
    LARGE_INTEGER timeout; CHAR reply[4]; ULONG length = sizeof(reply); NTSTATUS status;
    timeout.QuadPart = ${timeout};
    status = FltSendMessage(Filter, &Client, "ping", 4, reply, &length, ${timeout === '0' ? 'NULL' : '&timeout'});
    DbgPrint("%08x %u %.*s\\n", status, length, status == STATUS_SUCCESS ? (int)length : 0, reply);
    return FLT_PREOP_SUCCESS_NO_CALLBACK;`;

const file = {
  do: 'create',
  path: 'f',
  disposition: 'OPEN_IF',
  access: 'GENERIC_WRITE|SYNCHRONIZE',
  options: 'SYNCHRONOUS_IO_NONALERT',
  as: 'f',
};

test('a driver asks a program, and waits as long as it says', async () => {
  const { prediction, printed, findings } = await bench.run(
    withPort({ pre: sending('-10000LL * 50') }),
    [
      { ...connect },
      { ...file },
      { do: 'flush', handle: 'f', id: 'nobody-asks' },
      { do: 'get-message', handle: 'p', start: true, as: 'm', id: 'get', actor: 'other' },
      { do: 'flush', handle: 'f', start: true, as: 'fl', id: 'flush' },
      { do: 'wait', request: 'm', id: 'got' },
      { do: 'reply-message', handle: 'p', data: { text: 'pong' }, id: 'reply' },
      { do: 'reply-message', handle: 'p', data: { text: 'pong' }, id: 'twice' },
      { do: 'wait', request: 'fl', id: 'flushed' },
    ],
    { actors },
  );
  expect(stepsOf(prediction.events)).toEqual([
    'connect STATUS_SUCCESS',
    's2 STATUS_SUCCESS',
    'nobody-asks STATUS_SUCCESS',
    'get STATUS_PENDING',
    'flush STATUS_PENDING',
    `m: STATUS_SUCCESS ${text('ping')}`,
    'got STATUS_SUCCESS',
    'reply STATUS_SUCCESS',
    'fl: STATUS_SUCCESS ',
    'twice STATUS_FLT_NO_WAITER_FOR_REPLY',
    'flushed STATUS_SUCCESS',
  ]);
  expect(printed.slice(1, 3)).toEqual(['00000102 4 \n', '00000000 4 pong\n']);
  expect(findings).toEqual([]);
});

test('a program that leaves ends the wait of the driver', async () => {
  const { prediction, printed } = await bench.run(
    withPort({ pre: sending('0') }),
    [
      { ...connect },
      { ...file },
      { do: 'flush', handle: 'f', start: true, as: 'fl' },
      { do: 'close', handle: 'p', actor: 'other' },
      { do: 'wait', request: 'fl', id: 'flushed' },
    ],
    { actors },
  );
  expect(stepsOf(prediction.events).at(-1)).toBe('flushed STATUS_SUCCESS');
  expect(printed).toContain('c0000037 4 \n');
});

test.each([
  ['an unload with the server port open', { unload: '' }, 'hang', ['port-left-open']],
  ['a client port that stays open', { disconnect: '' }, 'completed', ['object-leak']],
  [
    'a server port closed twice',
    {
      unload:
        '    FltCloseCommunicationPort(Server);\n    FltCloseCommunicationPort(Server); // @twice',
    },
    'completed',
    ['bad-handle @twice'],
  ],
] as const)('%s', async (_what, parts, outcome, found) => {
  const { prediction, findings } = await bench.run(withPort(parts), [{ ...connect }], { actors });
  expect(prediction.outcome).toBe(outcome);
  expect(findings).toEqual(found);
});

test('a message sent with a lock held', async () => {
  const pre = `
    static EX_PUSH_LOCK lock; LARGE_INTEGER timeout; timeout.QuadPart = -10000;
    FltInitializePushLock(&lock);
    FltAcquirePushLockExclusive(&lock);
    FltSendMessage(Filter, &Client, "ping", 4, NULL, NULL, &timeout); // @send
    FltReleasePushLock(&lock);
    return FLT_PREOP_SUCCESS_NO_CALLBACK;`;
  const steps = [{ ...connect }, { ...file }, { do: 'flush', handle: 'f' }];
  const { findings } = await bench.run(withPort({ pre }), steps, { actors });
  expect(findings).toEqual(['message-while-held @send']);
});
