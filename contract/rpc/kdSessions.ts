// Sessions with the debuggers of real machines. They belong to the lab: a page that is reloaded finds them
// again, and several windows may watch one. Who reads asks for the next piece, so nobody is flooded.
import { z } from 'zod';
import { TargetName } from '../target.ts';
import { VmName } from '../vm.ts';
import { base } from './base.ts';

const Host = z.strictObject({
  /** A Windows target over SSH that runs kd.exe; this machine when left out. */
  host: TargetName.optional(),
});

/** Which way leads to the debugger. */
export const KdWay = z.discriminatedUnion('kind', [
  /** The serial line of a virtual machine, to be read. */
  z.strictObject({ kind: z.literal('serial'), machine: VmName, packets: z.boolean() }),
  /** gdb on the stub of a virtual machine's hypervisor. */
  z.strictObject({ kind: z.literal('gdb'), machine: VmName }),
  Host.extend({
    kind: z.literal('net'),
    port: z.number().int().min(1024).max(65535),
    /** A secret: it goes to kd and is kept nowhere. */
    key: z.string().max(60),
  }),
  Host.extend({
    kind: z.literal('pipe'),
    path: z.string().min(1).max(260),
    hypervisor: z.enum(['hyperv', 'virtualbox', 'vmware', 'libvirt', 'qemu']),
  }),
  Host.extend({ kind: z.literal('com'), port: z.string().regex(/^COM[1-9][0-9]?$/i) }),
]);
export type KdWay = z.infer<typeof KdWay>;

const KdState = z.enum(['running', 'stopped', 'reconnecting', 'ended']);

const KdSessionSummary = z.strictObject({
  session: z.string(),
  /** "gdb on win11". */
  title: z.string(),
  /** A plain line has no debugger that could be asked. */
  debugger: z.enum(['kd', 'gdb']).nullable(),
  state: KdState,
  /** Everything that was said is here. */
  log: z.string(),
});
export type KdSessionSummary = z.infer<typeof KdSessionSummary>;

const KdPiece = z.strictObject({
  text: z.string(),
  /** Where the next piece begins. */
  next: z.number().int(),
  /** Characters before this piece that stand in the log only. */
  skipped: z.number().int(),
  state: KdState,
  /** Why it ended, and what of the stream was lost on the way. */
  ended: z.string().nullable(),
  losses: z.record(z.string(), z.number().int()),
});
export type KdPiece = z.infer<typeof KdPiece>;

const Session = z.strictObject({ session: z.string().max(80) });
export const KD_TYPED_MAX_characters = 4_000;

export const kdSessionsContract = {
  list: base.output(z.array(KdSessionSummary)),
  open: base.input(KdWay).output(KdSessionSummary),
  /** Waits until there is more than `from`, or until the state is another than `state`. */
  read: base
    .input(Session.extend({ from: z.number().int().nonnegative(), state: KdState.nullable() }))
    .output(KdPiece),
  /** One line, as a person types it. */
  type: base
    .input(Session.extend({ line: z.string().max(KD_TYPED_MAX_characters) }))
    .output(z.strictObject({})),
  /** Stops the target, as Ctrl+Break does. */
  break: base.input(Session).output(z.strictObject({})),
  close: base.input(Session).output(z.strictObject({})),
};
