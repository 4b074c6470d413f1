// The ways to a debugger, made into what a session is opened with: a line of a virtual machine, gdb on its
// hypervisor, kd here or on a Windows host.
import { LabError } from '../../contract/errors/labError.ts';
import type { KdWay } from '../../contract/rpc.ts';
import {
  dialects,
  gdbArguments,
  isKdnetKey,
  kdArguments,
  kdProgram,
  openPty,
  openStream,
  remoteChannel,
  type KdTransport,
  type SessionOptions,
} from '../kd/index.ts';
import { connectTarget } from '../targets/index.ts';
import { openVm } from '../vm/index.ts';

export interface WayIn {
  /** "gdb on win11"; also part of the name of the log. */
  readonly title: string;
  readonly options: Pick<SessionOptions, 'open' | 'dialect' | 'packets' | 'reconnect'>;
  /** Hangs up what was connected for it. */
  close(): Promise<void>;
}

interface Where {
  readonly dataFolder: string;
  readonly signal: AbortSignal;
}

type Ways = { readonly [K in KdWay['kind']]: Extract<KdWay, { readonly kind: K }> };
type Attached = Ways['net'] | Ways['pipe'] | Ways['com'];

/** A serial line comes back with the machine: it is opened again for as long as the session lives. */
const forEver = { attempts: Number.MAX_SAFE_INTEGER, pause_ms: 500 } as const;

/** Errors: those of the machine, of the host's connection, `kd.not-started`, `kd.not-connected`. */
export function openWay(way: KdWay, where: Where): Promise<WayIn> {
  switch (way.kind) {
    case 'serial':
      return serial(way, where);
    case 'gdb':
      return gdb(way, where);
    case 'net':
    case 'pipe':
    case 'com':
      return attach(way, where);
  }
}

async function serial({ machine, packets }: Ways['serial'], where: Where): Promise<WayIn> {
  const { vm, close } = await openVm(machine, where);
  return {
    title: `serial line of ${machine}`,
    options: {
      ...(packets ? { packets: 'acknowledge' } : {}),
      reconnect: forEver,
      open: async (signal) => {
        const stream = await vm.serial({ signal });
        if (stream === undefined) throw notThere(machine, 'serial line');
        return openStream(stream, signal);
      },
    },
    close,
  };
}

async function gdb({ machine }: Ways['gdb'], where: Where): Promise<WayIn> {
  const { vm, close } = await openVm(machine, where);
  return {
    title: `gdb on ${machine}`,
    options: {
      dialect: dialects.gdb,
      open: async (signal) => {
        const channel = await vm.debugChannel({ signal });
        if (channel === undefined) throw notThere(machine, 'debugger stub');
        const { at } = channel;
        const stub = at.kind === 'tcp' ? `${at.host}:${at.port}` : at.path;
        return openPty({ program: 'gdb', args: gdbArguments(stub) });
      },
    },
    close,
  };
}

async function attach(way: Attached, where: Where): Promise<WayIn> {
  const args = kdArguments(transportOf(way));
  const { host } = way;
  if (host === undefined) {
    const program = await kdProgram(undefined);
    return {
      title: `kd by ${way.kind}`,
      options: { dialect: dialects.kd, open: async () => openPty({ program, args }) },
      close: () => Promise.resolve(),
    };
  }
  const target = await connectTarget(host, where);
  const command = ['kd.exe', ...args].map((one) => (/\s/.test(one) ? `"${one}"` : one)).join(' ');
  return {
    title: `kd by ${way.kind} on ${host}`,
    options: {
      dialect: dialects.kd,
      open: async (signal) => remoteChannel(await target.start(command, { signal })),
    },
    close: () => target.close(),
  };
}

function transportOf(way: Attached): KdTransport {
  if (way.kind === 'com') return { kind: 'com', port: way.port, baud: 115_200 };
  if (way.kind === 'pipe') return way;
  if (isKdnetKey(way.key)) return { kind: 'net', port: way.port, key: way.key };
  throw new LabError('usage.bad-argument', {
    problem: 'That is no key of KDNET.',
    remedy: 'Copy the four words that kdnet.exe or bcdedit printed; they are kept nowhere.',
  });
}

const notThere = (name: string, what: string): LabError =>
  new LabError('kd.not-connected', {
    problem: `"${name}" has no ${what} now.`,
    remedy: 'Start the machine; Targets shows what its hypervisor can do.',
  });
