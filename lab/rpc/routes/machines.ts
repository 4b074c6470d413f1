import type { MachineChange, MachineLook, MachineSummary } from '../../../contract/rpc.ts';
import type { VmDescription } from '../../../contract/vm.ts';
import { openDataFolder } from '../../data/dataFolder.ts';
import { listVms, openVm, type VmCall, type VmController } from '../../vm/index.ts';
import { lab } from '../service.ts';
import { toldInSteps } from '../steps.ts';

const summary = ({ name, kind, target, cleanSnapshot }: VmDescription): MachineSummary => ({
  name,
  kind,
  target: target ?? null,
  cleanSnapshot: cleanSnapshot ?? null,
});

const list = lab.machines.list.handler(async () =>
  (await listVms(await openDataFolder())).map(summary),
);

async function withMachine<T>(
  name: string,
  signal: AbortSignal | undefined,
  work: (vm: VmController, call: VmCall) => Promise<T>,
): Promise<T> {
  const call = { signal: signal ?? new AbortController().signal };
  const { vm, close } = await openVm(name, { dataFolder: await openDataFolder(), ...call });
  try {
    return await work(vm, call);
  } finally {
    await close();
  }
}

async function lookAt(vm: VmController, call: VmCall): Promise<MachineLook> {
  const { kind, version, abilities, lacks } = vm.hypervisor;
  const snapshots = await vm.snapshots(call);
  return {
    state: await vm.state(call),
    hypervisor: `${kind} ${version}`,
    abilities: [...abilities],
    lacks: lacks.map((one) => ({ ...one })),
    snapshots: snapshots.map((one) => ({ ...one })),
  };
}

const look = lab.machines.look.handler(({ input, signal }) =>
  withMachine(input.name, signal, lookAt),
);

const change = lab.machines.change.handler(async function* ({ input, signal }) {
  const changing = toldInSteps((progress) =>
    withMachine(input.name, signal, async (vm, call) => {
      await apply(vm, input.change, { ...call, progress });
      return lookAt(vm, call);
    }),
  );
  for await (const told of changing) {
    yield told.kind === 'step' ? told : { kind: 'done' as const, look: told.value };
  }
});

function apply(vm: VmController, wanted: MachineChange, call: VmCall): Promise<void> {
  switch (wanted.do) {
    case 'start':
      return vm.start(call);
    case 'shut-down':
      return vm.shutDown(call);
    case 'power-off':
      return vm.powerOff(call);
    case 'nmi':
      return vm.nmi(call);
    case 'revert':
      return vm.revert(wanted.snapshot, call);
    case 'snapshot':
      return vm.createSnapshot(wanted.snapshot, call);
    case 'drop':
      return vm.deleteSnapshot(wanted.snapshot, call);
  }
}

export const machineRoutes = { list, look, change };
