// Virtual machines: started, put back, looked at, whatever hypervisor they live in.
export { VmController } from './controller.ts';
export { openVm } from './open.ts';
export { addVm, forgetVm, getVm, listVms } from './registry.ts';
