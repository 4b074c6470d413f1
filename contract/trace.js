// A trace: what happened, one event a line, in one format whoever made it (simulator, agent, driver,
// debugger). Text; the first line carries the version; equal traces are equal strings.
import { z } from 'zod';
import { Finding, SourcePlace } from './finding.ts';
import { ProfileName } from './profiles.ts';
import { RuleId } from './rules.ts';
const Hex = z.string().regex(/^([0-9a-f]{2})*$/);
/** An unsigned 32-bit value, as a number. */
const U32 = z.number().int().min(0).max(0xffffffff);
export const NotifyEntry = z.strictObject({ action: z.string(), name: z.string() });
const base = {
    /** Place in this trace, from 0. */
    seq: z.number().int().nonnegative(),
    /** During which step, and whose, it happened (not whose thread runs: see `thread`). */
    actor: z.string().optional(),
    step: z.string().optional(),
    /** The thread and process that ran, as "process/actor" or "system/worker-1". */
    thread: z.string().optional(),
    /** Rules behind what the model did here. */
    rules: z.array(RuleId).optional(),
};
const event = (kind, shape) => z.strictObject({ kind: z.literal(kind), ...base, ...shape });
/** An I/O status block after a call that may still be pending: left alone, or written. */
const IosbAfter = z.union([
    z.literal('unchanged'),
    z.strictObject({ status: U32, information: z.number().int().nonnegative() }),
]);
/**
 * A step of the workload returned to its actor. `status` is the NTSTATUS of the native call.
 * A step with `start` returns STATUS_PENDING at once and nothing else; how its call ended is told by
 * a completion. `wait` returns STATUS_SUCCESS or STATUS_TIMEOUT.
 */
export const StepEvent = event('step', {
    actor: z.string(),
    step: z.string(),
    /** The `do` of the step. */
    operation: z.string(),
    status: U32,
    /** IoStatus.Information, where the call returned with its I/O status block written. */
    information: z.number().int().nonnegative().optional(),
    /** Names of what the step made: handle and request, as the workload calls them. */
    handle: z.string().optional(),
    request: z.string().optional(),
    /**
     * Bytes that the call returned, in hex: a query, or a read on a synchronous handle. What a request
     * returns (see CompletionEvent) is told by its completion only.
     */
    bytes: Hex.optional(),
    /**
     * For a notify, read or write on an asynchronous handle whose call did not fail: the I/O status
     * block and the event as they were right after the call. The event was signalled before it.
     */
    iosb: IosbAfter.optional(),
    event: z.enum(['reset', 'signalled']).optional(),
});
/**
 * A request that had been pending (or completed inline) delivered its result to user mode. Requests
 * are: every step with `start`, whatever its call returned; every notify, and every read and write on
 * an asynchronous handle, whose call did not fail.
 */
export const CompletionEvent = event('completion', {
    actor: z.string(),
    /** The step that issued the request. */
    step: z.string(),
    operation: z.string(),
    /** The request's name; the id of its step where the workload gave it none. */
    request: z.string(),
    status: U32,
    information: z.number().int().nonnegative(),
    /** The first `information` bytes of the user buffer, in hex. */
    bytes: Hex,
    /** Those bytes decoded, for directory notifications. */
    entries: z.array(NotifyEntry).optional(),
    /** It had completed when the issuing call returned; never true for a step with `start`. */
    immediate: z.boolean(),
});
const parameter = z.union([z.string(), z.number(), z.null()]);
const callback = {
    filter: z.string(),
    instance: z.string(),
    altitude: z.string(),
    /** The operation that this callback belongs to; the same in pre and post. */
    operation: z.string(),
    major: z.string(),
    minor: U32,
    /** FLT_CALLBACK_DATA.Flags. */
    flags: U32,
    irpFlags: U32,
    operationFlags: U32,
    file: z.string().optional(),
    /** Iopb->Parameters by field name: numbers, pointers as "0x…", NULL as null. */
    parameters: z.record(z.string(), parameter),
    /** Where the callback begins. */
    at: SourcePlace.optional(),
};
export const PreOperationEvent = event('pre-operation', {
    ...callback,
    /** FLT_PREOP_… by name. */
    returned: z.string(),
    /** IoStatus, where the callback completed the operation. */
    status: U32.optional(),
    information: z.number().int().nonnegative().optional(),
    /** The file, or the volume, that the layers below get instead, where the callback changed the target. */
    redirectedTo: z.string().optional(),
});
export const PostOperationEvent = event('post-operation', {
    ...callback,
    /** IoStatus as the callback found it. */
    status: U32,
    information: z.number().int().nonnegative(),
    /** IoStatus as the callback left it, where it differs. */
    statusAfter: U32.optional(),
    informationAfter: z.number().int().nonnegative().optional(),
    draining: z.boolean(),
    /** FLT_POSTOP_… by name. */
    returned: z.string(),
});
/** A kernel routine called by the driver, where its result matters to the story. */
export const DriverCallEvent = event('driver-call', {
    driver: z.string(),
    module: z.string(),
    routine: z.string(),
    arguments: z.array(z.string()),
    result: z.string(),
    at: SourcePlace.optional(),
});
export const DebugPrintEvent = event('debug-print', { driver: z.string(), text: z.string() });
/** A request reached, or left, a device below the filters. */
export const IrpEvent = event('irp', {
    phase: z.enum(['dispatch', 'return', 'complete']),
    irp: z.string(),
    device: z.string(),
    major: z.string(),
    minor: U32,
    file: z.string().optional(),
    status: U32.optional(),
    information: z.number().int().nonnegative().optional(),
});
/** A fast I/O call reached the file system: it took the call, or said no. */
export const FastIoEvent = event('fast-io', {
    /** The member of FAST_IO_DISPATCH. */
    entry: z.string(),
    device: z.string(),
    file: z.string(),
    taken: z.boolean(),
    /** The result, where it took the call. */
    status: U32.optional(),
    information: z.number().int().nonnegative().optional(),
});
/** The I/O manager moved a system buffer into the caller's, in the caller's context. */
export const CopyEvent = event('copy-to-user', {
    irp: z.string(),
    process: z.string(),
    address: z.string(),
    length: z.number().int().nonnegative(),
});
/** The file system reported a change to directory notification. */
export const NotifyReportEvent = event('notify-report', {
    name: z.string(),
    filter: U32,
    action: z.string(),
    /** Watches that took it: completed a request, buffered it, or overflowed. */
    watches: z.array(z.strictObject({
        directory: z.string(),
        result: z.enum(['completed', 'buffered', 'overflow']),
    })),
});
/** The driver was loaded, attached, detached or unloaded; also on a target. */
export const DriverEvent = event('driver', {
    phase: z.enum(['load', 'attach', 'detach', 'unload', 'start', 'stop']),
    driver: z.string(),
    status: U32,
    volume: z.string().optional(),
    altitude: z.string().optional(),
});
export const FindingEvent = event('finding', { finding: Finding });
export const BugcheckEvent = event('bugcheck', {
    code: U32,
    name: z.string(),
    parameters: z.array(z.string()),
});
export const TraceEvent = z.discriminatedUnion('kind', [
    StepEvent,
    CompletionEvent,
    PreOperationEvent,
    PostOperationEvent,
    DriverCallEvent,
    DebugPrintEvent,
    IrpEvent,
    FastIoEvent,
    CopyEvent,
    NotifyReportEvent,
    DriverEvent,
    FindingEvent,
    BugcheckEvent,
]);
export const TraceHeader = z.strictObject({
    trace: z.literal(1),
    producer: z.enum(['simulator', 'agent', 'driver', 'debugger']),
    workload: z.string(),
    sample: z.string().optional(),
    variant: z.string().optional(),
    profile: ProfileName.optional(),
    seed: z.number().int().nonnegative().optional(),
});
export const traceFormat = {
    kind: 'trace',
    current: 1,
    schema: TraceHeader,
    upgrades: [],
};
/** The text of a trace: the header line, then one event a line, each ended by "\n". */
export function formatTrace(header, events) {
    return [header, ...events].map((one) => `${JSON.stringify(one)}\n`).join('');
}
