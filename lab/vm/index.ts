// Virtual machines: started, put back, looked at, whatever hypervisor they live in.
export { VmController, type VmCall } from './controller.ts';
export type { Hypervisor, VmAddress, VmLack } from './hypervisor.ts';
export { openVm, type OpenedVm } from './open.ts';
export { addVm, forgetVm, getVm, listVms } from './registry.ts';
