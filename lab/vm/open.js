import { connectTarget } from '../targets/index.ts';
import { VmController } from './controller.ts';
import { openQemu } from './qemu/open.ts';
import { getVm } from './registry.ts';
import { thisHost, windowsHost } from './tools/host.ts';
import { openHyperV } from './tools/hyperV.ts';
import { openLibvirt } from './tools/libvirt.ts';
import { openVirtualBox } from './tools/virtualBox.ts';
import { openVmware } from './tools/vmware.ts';
/** Errors: `vm.not-found`, `vm.tool-missing`, `vm.tool-too-old`; those of the host's connection. */
export async function openVm(name, options) {
    const description = await getVm(options.dataFolder, name);
    const { host, close } = await hostOf(description, options);
    try {
        const hypervisor = await openHypervisor(description, host, options);
        return { vm: new VmController({ description, hypervisor, ...options }), close };
    }
    catch (error) {
        await close();
        throw error;
    }
}
function openHypervisor(description, host, { dataFolder, signal }) {
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
async function hostOf(description, options) {
    if (!('host' in description) || description.host === undefined) {
        return { host: thisHost(), close: () => Promise.resolve() };
    }
    const target = await connectTarget(description.host, options);
    return { host: windowsHost(target.connection), close: target.close };
}
