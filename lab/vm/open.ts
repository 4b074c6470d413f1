// From a description to a controller: its tool is found and asked for its version before anything else.
import type { VmDescription } from '../../contract/vm.ts';
import { connectTarget } from '../targets/index.ts';
import { VmController } from './controller.ts';
import type { Hypervisor } from './hypervisor.ts';
import { openQemu } from './qemu/open.ts';
import { getVm } from './registry.ts';
import { thisHost, windowsHost, type Host } from './tools/host.ts';
import { openHyperV } from './tools/hyperV.ts';
import { openLibvirt } from './tools/libvirt.ts';
import { openVirtualBox } from './tools/virtualBox.ts';
import { openVmware } from './tools/vmware.ts';

export interface OpenedVm {
  readonly vm: VmController;
  /** Hangs up where the host is another machine. */
  close(): Promise<void>;
}

/** Errors: `vm.not-found`, `vm.tool-missing`, `vm.tool-too-old`; those of the host's connection. */
export async function openVm(
  name: string,
  options: { readonly dataFolder: string; readonly signal: AbortSignal },
): Promise<OpenedVm> {
  const description = await getVm(options.dataFolder, name);
  const { host, close } = await hostOf(description, options);
  try {
    const hypervisor = await openHypervisor(description, host, options);
    return { vm: new VmController({ description, hypervisor, ...options }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openHypervisor(
  description: VmDescription,
  host: Host,
  { dataFolder, signal }: { readonly dataFolder: string; readonly signal: AbortSignal },
): Promise<Hypervisor> {
  switch (description.kind) {
    case 'qemu':
      return openQemu(description, dataFolder, signal);
    case 'libvirt':
      return openLibvirt(description, host, signal);
    case 'virtualbox':
      return openVirtualBox(description, host, signal);
    case 'vmware':
      return openVmware(description, host, signal);
    case 'hyperv':
      return openHyperV(description, host, signal);
  }
}

async function hostOf(
  description: VmDescription,
  options: { readonly dataFolder: string; readonly signal: AbortSignal },
): Promise<{ readonly host: Host; close(): Promise<void> }> {
  if (!('host' in description) || description.host === undefined) {
    return { host: thisHost(), close: () => Promise.resolve() };
  }
  const target = await connectTarget(description.host, options);
  return { host: windowsHost(target.connection), close: target.close };
}
