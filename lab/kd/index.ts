// Debugger sessions and what their streams say.
export { crashIsOf, crashTitle, deduplicate, withAnalysis, type KnownCrash } from './crash.ts';
export { compareTranscripts, readTranscript, type Transcript } from './transcript.ts';
export {
  openPty,
  openStream,
  ptyIsBuilt,
  remoteChannel,
  type Channel,
  type OpenChannel,
} from './session/channel.ts';
export {
  gdbArguments,
  isKdnetKey,
  kdArguments,
  kdProgram,
  restartsWithMachine,
  shownArguments,
  type KdTransport,
} from './session/commandLines.ts';
export { dialects, type Dialect } from './session/dialects.ts';
export { DebugSession, type SessionOptions, type SessionState } from './session/session.ts';
export {
  parseAnalysis,
  parseCallbackData,
  parseDeviceStack,
  parseFields,
  parseFilters,
  parseStack,
} from './stream/structures.ts';
export { describeItem } from './stream/describe.ts';
export { formatLabTrace, parseLabTrace, type LabTraceLine } from './stream/labTrace.ts';
export { StreamParser } from './stream/parser.ts';
export { answerFor, findingOfStop, type VerifierPolicy } from './verifierStops.ts';
