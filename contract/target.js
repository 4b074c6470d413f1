// Targets: machines that run a workload for real. What is kept about each, and what each can show.
import { z } from 'zod';
import { ProfileName } from './profiles.ts';
export const TargetName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, {
    message: 'a name is 1 to 40 letters, digits, dots, dashes and underscores',
});
/** Where the SSH server of a target listens, and how the two sides know each other. */
export const SshAddress = z.strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65535),
    user: z.string().min(1),
    /** Private key of the lab, as a path relative to the folder of the target. Never the key itself. */
    keyFile: z.string().min(1),
    /** The keys of the person's SSH agent are used; the file is not read then. */
    agent: z.literal(true).optional(),
    /** Fingerprint seen first and expected ever since: "SHA256:…", as OpenSSH prints it. */
    hostKey: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/),
});
const common = { target: z.literal(1), name: TargetName };
const machine = {
    ...common,
    ssh: SshAddress,
    /** The one folder of the machine that the lab writes to: "C:\FltLab". */
    root: z.string().regex(/^[A-Z]:\\[^\\/:*?"<>|]+(\\[^\\/:*?"<>|]+)*$/),
};
export const TargetDescription = z.discriminatedUnion('kind', [
    z.strictObject({ ...machine, kind: z.literal('wine') }),
    z.strictObject({
        ...machine,
        kind: z.literal('windows'),
        /** What its SSH server starts for a command (the registry value DefaultShell). */
        shell: z.enum(['cmd', 'powershell']).optional(),
    }),
    /** A run that was recorded elsewhere; there is no machine behind it. */
    z.strictObject({ ...common, kind: z.literal('recorded'), recording: z.string().min(1) }),
]);
export const targetFormat = {
    kind: 'target',
    current: 1,
    schema: TargetDescription,
    upgrades: [],
};
/** What a target may be able to show; a workload, a comparison and a menu ask for these by name. */
export const Capability = z.enum([
    /** Native calls from user mode, with real statuses and buffers. */
    'user-mode-io',
    /** Kernel drivers are loaded and their DriverEntry runs. */
    'load-driver',
    /** The callbacks of a minifilter are called for file-system operations. */
    'kernel-filters',
    /** Fast I/O reaches the filters. */
    'fast-io',
    /** Driver Verifier. */
    'verifier',
    /** The machine can be put back to a snapshot. */
    'revert',
    /** A kernel debugger is attached. */
    'kd',
]);
export const TargetFacts = z.strictObject({
    name: TargetName,
    kind: z.enum(['wine', 'windows', 'recorded']),
    /** As the target reports it, "10.0.18362"; what `profile` is derived from. */
    windowsVersion: z.string(),
    /** The profile whose prediction is compared with this target; null when none is near. */
    profile: ProfileName.nullable(),
    /** "8.0", on Wine only. */
    wineVersion: z.string().optional(),
    architecture: z.string(),
    /** Of real Windows, where it could be asked. */
    windows: z
        .strictObject({
        edition: z.string().nullable(),
        product: z.string().nullable(),
        secureBoot: z.boolean(),
        testSigning: z.boolean(),
        debug: z.boolean(),
        memoryIntegrity: z.boolean().nullable(),
        verifier: z.string().nullable(),
        elevated: z.boolean(),
        freeBytes: z.number().nullable(),
        filters: z.array(z.strictObject({ name: z.string(), altitude: z.string() })),
    })
        .optional(),
    has: z.array(Capability),
    lacks: z.array(z.strictObject({ capability: Capability, because: z.string() })),
});
