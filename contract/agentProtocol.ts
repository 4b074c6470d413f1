// What the lab and the agent say to each other: one JSON object a line, over a loopback connection of
// the target that SSH tunnels. The agent writes the trace to disk first and streams it from there, so
// a cut connection loses nothing: the lab connects again and asks from the next line on.
import { z } from 'zod';
import { ObserverCounts } from './observerRecords.ts';

export const AGENT_PROTOCOL = 1;

/** Longest line, in UTF-16 units. A stranger, who has not said hello, may send very little. */
export const AGENT_LINE_LIMIT = {
  beforeHello: 1_024,
  /** The largest request is a workload. */
  request: 64 * 1024 * 1024,
  /** The largest reply is a trace line with 16 MiB of data in hex, escaped once more. */
  reply: 64 * 1024 * 1024,
} as const;

/** Files in the agent's state folder that the lab reads or writes. */
export const AGENT_FILES = {
  /** `{ port, pid, protocol }`, there while the agent listens. */
  announcement: 'agent.json',
  /** Written by the lab before a start; the agent reads it, deletes it and demands it in hello. */
  token: 'token',
  log: 'agent.log',
} as const;

export const AgentAnnouncement = z.strictObject({
  protocol: z.number().int(),
  port: z.number().int().min(1).max(65_535),
  pid: z.number().int().positive(),
});
export type AgentAnnouncement = z.infer<typeof AgentAnnouncement>;

const request = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

/** Why the agent refuses a request; the connection stays open unless the first line was refused. */
export const AGENT_REFUSALS = [
  'token-refused',
  'protocol-version',
  'bad-request',
  'line-too-long',
  'run-unknown',
  'run-exists',
  'busy',
  'root-unusable',
  'set-up-failed',
  'internal',
] as const;
export type AgentRefusal = (typeof AGENT_REFUSALS)[number];

/** First line of a connection; nothing else is read before it. */
const Hello = request('hello', { protocol: z.number().int(), token: z.string() });
/** Makes the roots, empties them and performs the set-up of the workload. */
const Prepare = request('prepare', {
  run: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  /** The workload document as written; the agent expands it itself. */
  workload: z.unknown(),
});
/** Runs the prepared workload from its first step. */
const Start = request('start', {
  run: z.string(),
  /** The observer is loaded: what it sees becomes part of the trace. */
  observe: z.boolean().optional(),
});
/** Streams the trace of a run from line `from` (0 is the header), then its end. */
const Follow = request('follow', { run: z.string(), from: z.number().int().nonnegative() });
/**
 * Ends the run at once: open requests cancelled, handles closed, root emptied. Answered by `ended`;
 * a run that has ended already says again how.
 */
const Abort = request('abort', { run: z.string() });
const Facts = request('facts', {});
/** Removes what the runs left and ends the agent. */
const Quit = request('quit', {});

export const AgentRequest = z.discriminatedUnion('kind', [
  Hello,
  Prepare,
  Start,
  Follow,
  Abort,
  Facts,
  Quit,
]);
export type AgentRequest = z.infer<typeof AgentRequest>;

export const AgentFacts = z.strictObject({
  protocol: z.number().int(),
  /** "10.0.19043" as RtlGetVersion says. */
  windowsVersion: z.string(),
  nodeVersion: z.string(),
  architecture: z.string(),
  /** wine_get_version(), where ntdll exports it. */
  wineVersion: z.string().optional(),
});
export type AgentFacts = z.infer<typeof AgentFacts>;

/** How the observation of a run went. */
export const ObservedInRun = ObserverCounts.extend({
  /** Records of other processes, or of files outside of the roots; they are not told. */
  foreign: z.number().int().nonnegative(),
  /** Why it ended before the run did, or never began. */
  problem: z.string().optional(),
});
export type ObservedInRun = z.infer<typeof ObservedInRun>;

export const AgentReply = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('welcome'),
    protocol: z.number().int(),
    /** SHA-256 of the agent's own file, in hex. */
    build: z.string(),
    /** Volume of workloads → folder, as the agent was started with. */
    roots: z.record(z.string(), z.string()),
  }),
  z.strictObject({ kind: z.literal('prepared'), run: z.string() }),
  z.strictObject({ kind: z.literal('started'), run: z.string() }),
  /** One line of the trace, as text without its line end. */
  z.strictObject({
    kind: z.literal('line'),
    run: z.string(),
    index: z.number().int(),
    text: z.string(),
  }),
  z.strictObject({
    kind: z.literal('ended'),
    run: z.string(),
    /**
     * `aborted`: by request; `hung`: the call of a step did not return within the limit, which may
     * well be the driver's doing; `failed`: a step could not be carried out.
     */
    how: z.enum(['completed', 'aborted', 'hung', 'failed']),
    lines: z.number().int().nonnegative(),
    /** The step that hung or failed. */
    step: z.string().optional(),
    problem: z.string().optional(),
    /** Where it was asked for. */
    observed: ObservedInRun.optional(),
  }),
  z.strictObject({ kind: z.literal('facts'), facts: AgentFacts }),
  z.strictObject({ kind: z.literal('goodbye') }),
  /**
   * The request was not carried out. `code` is one of AGENT_REFUSALS, or a code of contract/errors
   * for what a person wrote (`workload.invalid`, `workload.path-escapes`).
   */
  z.strictObject({ kind: z.literal('error'), code: z.string(), problem: z.string() }),
]);
export type AgentReply = z.infer<typeof AgentReply>;
/** How a run ended. */
export type RunEnd = Extract<AgentReply, { kind: 'ended' }>;
