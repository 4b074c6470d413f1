// The line of a machine that is read beside a run: its serial line, or kd.exe over KDNET. It is opened
// before the machine is put back, so that nothing is missed, and found again whenever it is cut.
import { setTimeout as pause } from 'node:timers/promises';
import { LabError } from '../../contract/errors/labError.ts';
import type { VmDescription } from '../../contract/vm.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import {
  DebugSession,
  dialects,
  isKdnetKey,
  kdArguments,
  kdProgram,
  openPty,
  openStream,
  remoteChannel,
  type Channel,
  type SessionOptions,
} from '../kd/index.ts';
import { connectTarget } from '../targets/index.ts';
import type { VmController } from '../vm/index.ts';

const LOOK_AGAIN_MS = 200;

export interface ConsoleInput {
  readonly vm: Pick<VmController, 'can' | 'serial'>;
  readonly description: VmDescription;
  readonly logFile: string;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
}

/**
 * Resolves once the line is there, which may be only after the machine has started; rejects when
 * `signal` fires first. Undefined for a machine that has none, or is to have none.
 */
export function openConsole(input: ConsoleInput): Promise<DebugSession> | undefined {
  const wanted = input.description.console ?? { kind: 'serial', packets: false };
  const reconnect = { attempts: Number.MAX_SAFE_INTEGER, pause_ms: LOOK_AGAIN_MS };
  const base = { logFile: input.logFile, signal: input.signal, reconnect } as const;
  switch (wanted.kind) {
    case 'none':
      return undefined;
    case 'serial': {
      if (!input.vm.can('serial')) return undefined;
      const packets = wanted.packets ? ('acknowledge' as const) : undefined;
      return DebugSession.open({ ...base, packets, open: (signal) => serialOf(input, signal) });
    }
    case 'kdnet':
      return DebugSession.open({ ...base, dialect: dialects.kd, open: kdOver(input, wanted) });
  }
}

/** The serial line of a machine that is off is not there yet. */
async function serialOf({ vm }: ConsoleInput, signal: AbortSignal): Promise<Channel> {
  for (;;) {
    throwIfCancelled(signal, 'waiting for the serial line');
    const stream = await vm.serial({ signal });
    if (stream !== undefined) {
      const channel = await openStream(stream, signal).catch(nobodyThere);
      if (channel !== undefined) return channel;
    }
    await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

function nobodyThere(error: unknown): undefined {
  if (error instanceof LabError && error.code === 'kd.not-connected') return undefined;
  throw error;
}

type Kdnet = Extract<NonNullable<VmDescription['console']>, { kind: 'kdnet' }>;

function kdOver(input: ConsoleInput, { port, target, host }: Kdnet): SessionOptions['open'] {
  const key = process.env['FLTLAB_KDNET_KEY'] ?? '';
  if (!isKdnetKey(key)) {
    throw new LabError('usage.bad-argument', {
      problem: 'The console of the machine is KDNET, and FLTLAB_KDNET_KEY has no key.',
      remedy: 'Put the four words there that kdnet.exe or bcdedit printed; it is kept nowhere.',
    });
  }
  const args = kdArguments({ kind: 'net', port, key, target });
  return async (signal) => {
    if (host === undefined) return openPty({ program: await kdProgram(undefined), args });
    const { dataFolder } = input;
    const connected = await connectTarget(host, { dataFolder, signal });
    const channel = remoteChannel(await connected.start(['kd.exe', ...args].join(' '), { signal }));
    channel.onEnd(() => void connected.close());
    return channel;
  };
}
