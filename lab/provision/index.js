// The provisioning checklist of Windows targets.
export { checklist } from './checklist.ts';
export { lookAt, mend, takeBack } from './provision.ts';
