// Debugger sessions and what their streams say.
export { crashIsOf, crashTitle, deduplicate, withAnalysis } from './crash.ts';
export { compareTranscripts, readTranscript } from './transcript.ts';
export { openPty, openStream, ptyIsBuilt, remoteChannel, } from './session/channel.ts';
export { gdbArguments, isKdnetKey, kdArguments, kdProgram, restartsWithMachine, shownArguments, } from './session/commandLines.ts';
export { dialects } from './session/dialects.ts';
export { DebugSession } from './session/session.ts';
export { parseAnalysis, parseCallbackData, parseDeviceStack, parseFields, parseFilters, parseStack, } from './stream/structures.ts';
export { StreamParser } from './stream/parser.ts';
export { answerFor, findingOfStop } from './verifierStops.ts';
