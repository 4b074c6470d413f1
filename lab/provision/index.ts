// The provisioning checklist of Windows targets.
export { checklist, type DebugTransport, type ItemState } from './checklist.ts';
export { lookAt, mend, takeBack, type ItemReport, type Mended } from './provision.ts';
