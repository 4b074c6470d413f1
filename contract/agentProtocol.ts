// What the lab and the agent say to each other: one JSON object a line, over a loopback connection of
// the target that SSH tunnels. The agent writes the trace to disk first and streams it from there, so
// a cut connection loses nothing: the lab connects again and asks from the next line on.
import { z } from 'zod';

export const AGENT_PROTOCOL = 1;

const request = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

/** First line of a connection; nothing else is read before it. */
const Hello = request('hello', { protocol: z.number().int(), token: z.string() });
/** Makes the roots, empties them and performs the set-up of the workload. */
const Prepare = request('prepare', {
  run: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  /** The workload document as written; the agent expands it itself. */
  workload: z.unknown(),
});
/** Runs the prepared workload from its first step. */
const Start = request('start', { run: z.string() });
/** Streams the trace of a run from line `from` (0 is the header), then its end. */
const Follow = request('follow', { run: z.string(), from: z.number().int().nonnegative() });
/** Ends the run at once: open requests cancelled, handles closed, root emptied. */
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

export const AgentReply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('welcome'), protocol: z.number().int() }),
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
    /** `aborted`: by request; `failed`: a step could not be carried out. */
    how: z.enum(['completed', 'aborted', 'failed']),
    lines: z.number().int(),
    problem: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('facts'), facts: AgentFacts }),
  z.strictObject({ kind: z.literal('goodbye') }),
  z.strictObject({ kind: z.literal('error'), code: z.string(), problem: z.string() }),
]);
export type AgentReply = z.infer<typeof AgentReply>;
