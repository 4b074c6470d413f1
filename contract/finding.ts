// Findings: what the driver under test did wrong, as the simulator (or a verifier on a target) saw it.
// One catalogue of ids; beside an id stand the rules of Windows that it rests on.
import { z } from 'zod';
import { RuleId } from './rules.ts';

interface FindingEntry {
  readonly family:
    'memory' | 'leak' | 'irql' | 'contract' | 'no-effect' | 'by-luck' | 'end' | 'load';
  /** One line for a list; the finding's own message tells the case. */
  readonly title: string;
  /** Rules that this finding always rests on. */
  readonly rules: readonly string[];
}

export const findingCatalogue = {
  // memory
  'null-pointer': { family: 'memory', title: 'Access through a NULL pointer', rules: [] },
  'wild-pointer': { family: 'memory', title: 'Access to memory that nobody owns', rules: [] },
  'use-after-free': { family: 'memory', title: 'Access to pool after it was freed', rules: [] },
  'pool-overrun': { family: 'memory', title: 'Access beyond the end of a pool block', rules: [] },
  'double-free': { family: 'memory', title: 'Pool freed twice, or never allocated', rules: [] },
  'stack-overrun': { family: 'memory', title: 'A local array was overrun', rules: [] },
  'user-address-wrong-process': {
    family: 'memory',
    title: "The caller's user-mode address touched in another process",
    rules: ['R-NOTIFY-54', 'R-IO-21'],
  },
  'user-address-unguarded': {
    family: 'memory',
    title: 'A user-mode address touched without a lock, a probe or __try',
    rules: ['R-NOTIFY-54'],
  },
  'stale-user-buffer': {
    family: 'memory',
    title: 'The user buffer read before the I/O manager has filled it',
    rules: ['R-NOTIFY-55', 'R-IO-21'],
  },
  'bad-argument-pointer': {
    family: 'memory',
    title: 'A kernel routine was given an address it cannot use',
    rules: [],
  },
  // by luck
  'only-by-luck': {
    family: 'by-luck',
    title: 'Right this time, but nothing guarantees it',
    rules: ['R-NOTIFY-56'],
  },
  'redirection-unchecked': {
    family: 'by-luck',
    title: 'Redirected without asking whether the request has the stack locations',
    rules: ['R-REDIRECT-31', 'R-REDIRECT-32'],
  },
  // no effect
  'data-not-reachable': {
    family: 'no-effect',
    title: 'The data of this completion cannot be reached on this version of Windows',
    rules: ['R-NOTIFY-57', 'R-NOTIFY-58', 'R-NOTIFY-60'],
  },
  'not-dirty': {
    family: 'no-effect',
    title: 'Parameters changed without FltSetCallbackDataDirty: the change is ignored',
    rules: ['R-FLT-12'],
  },
  'redirection-ignored': {
    family: 'no-effect',
    title: 'A redirected fast I/O call goes to the original volume on this version of Windows',
    rules: ['R-REDIRECT-41'],
  },
  'status-before-reissue': {
    family: 'no-effect',
    title: 'IoStatus set before a reissue: the layers below overwrite it',
    rules: ['R-REDIRECT-8', 'R-REDIRECT-26'],
  },
  'restored-not-reopened': {
    family: 'no-effect',
    title: 'The file is no reparse point any more, and the open still ends with its tag',
    rules: ['R-REDIRECT-11', 'R-REDIRECT-22'],
  },
  'wrong-volume-answered': {
    family: 'no-effect',
    title: 'A redirected fast I/O call succeeded on the original volume, with the wrong file',
    rules: ['R-REDIRECT-41'],
  },
  'query-not-seen': {
    family: 'no-effect',
    title: 'Queries by name pass a filter that wants to see them as creates',
    rules: ['R-REDIRECT-46', 'R-REDIRECT-47'],
  },
  // contract of each routine and callback
  'reparse-name-missing': {
    family: 'contract',
    title: 'STATUS_REPARSE without a new name in FileObject->FileName',
    rules: ['R-REDIRECT-4'],
  },
  'tag-data-kept': {
    family: 'contract',
    title: 'A tag was turned into IO_REPARSE and its TagData was left there',
    rules: ['R-REDIRECT-10'],
  },
  'reissue-not-allowed': {
    family: 'contract',
    title: 'FltReissueSynchronousIo where the operation cannot be reissued',
    rules: ['R-REDIRECT-21'],
  },
  'open-cancelled-late': {
    family: 'contract',
    title: 'FltCancelFileOpen for a file that has a handle already',
    rules: ['R-REDIRECT-27', 'R-FLT-26'],
  },
  'illegal-preop-status': {
    family: 'contract',
    title: 'A pre-operation callback returned a status that this operation does not allow',
    rules: ['R-FLT-17'],
  },
  'illegal-postop-status': {
    family: 'contract',
    title: 'A post-operation callback returned a status that this operation does not allow',
    rules: ['R-FLT-21'],
  },
  'illegal-completion-status': {
    family: 'contract',
    title: 'An operation was completed with a status that is not allowed there',
    rules: ['R-FLT-17'],
  },
  'callback-missing': {
    family: 'contract',
    title: 'A post-operation callback was asked for but never registered',
    rules: ['R-FLT-17', 'R-FLT-26'],
  },
  'completion-context-leaked': {
    family: 'contract',
    title: 'A completion context was returned where no post-operation will receive it',
    rules: ['R-FLT-17'],
  },
  'redirection-unsupported': {
    family: 'contract',
    title: 'TargetInstance changed to an instance that redirection does not allow',
    rules: ['R-REDIRECT-29'],
  },
  'foreign-file-object': {
    family: 'contract',
    title: 'TargetFileObject is a file of another volume than TargetInstance',
    rules: ['R-REDIRECT-29', 'R-REDIRECT-30'],
  },
  'iopb-after-change': {
    family: 'contract',
    title: 'Iopb->TargetInstance or TargetFileObject used as its own after it was changed',
    rules: ['R-REDIRECT-38'],
  },
  'synchronize-not-allowed': {
    family: 'contract',
    title: 'FLT_PREOP_SYNCHRONIZE on an operation that may never complete',
    rules: ['R-NOTIFY-63'],
  },
  'section-sync-failed': {
    family: 'contract',
    title: 'An operation for section synchronization that cannot fail was failed',
    rules: ['R-SECTION-7'],
  },
  'stale-status': {
    family: 'contract',
    title: 'An operation was completed with the IoStatus that was there before',
    rules: ['R-SECTION-9'],
  },
  'unopened-file-object': {
    family: 'contract',
    title: 'A file system was given a file object that it never opened',
    rules: ['R-SECTION-9'],
  },
  'release-without-acquire': {
    family: 'contract',
    title: 'A release reached the file system whose acquire a filter had completed',
    rules: ['R-SECTION-9'],
  },
  'region-not-left': {
    family: 'contract',
    title: 'A critical region was entered and not left before the system call returned',
    rules: ['R-SECTION-15'],
  },
  'context-after-release': {
    family: 'memory',
    title: 'A context used after its reference was given back',
    rules: ['R-FLT-25'],
  },
  'registration-invalid': {
    family: 'contract',
    title: 'FltRegisterFilter was given a registration that it refuses',
    rules: ['R-FLT-1', 'R-FLT-6'],
  },
  'message-while-held': {
    family: 'contract',
    title: 'FltSendMessage called where the program that it waits for may need what is held',
    rules: ['R-FLT-34'],
  },
  'bad-handle': {
    family: 'contract',
    title: 'A routine was given an object of another kind',
    rules: [],
  },
  'assertion-failed': {
    family: 'contract',
    title: "An assertion of the driver's own failed",
    rules: [],
  },
  'wrong-prototype': {
    family: 'contract',
    title: 'A function was called through a pointer of another type',
    rules: [],
  },
  'draining-misused': {
    family: 'contract',
    title: 'Something was touched that must not be while an instance drains',
    rules: ['R-FLT-22'],
  },
  // irql and APCs
  'irql-too-high': {
    family: 'irql',
    title: 'A routine or callback ran at an IRQL that it does not allow',
    rules: [],
  },
  'paged-access-at-dispatch': {
    family: 'irql',
    title: 'Pageable memory touched at DISPATCH_LEVEL or above',
    rules: [],
  },
  'apcs-disabled': {
    family: 'irql',
    title: 'A routine that waits for an APC was called where special kernel APCs are held back',
    rules: [],
  },
  'irql-unbalanced': {
    family: 'irql',
    title: 'A callback returned at another IRQL, or inside a critical region that it entered',
    rules: [],
  },
  // leaks
  'pool-leak': {
    family: 'leak',
    title: 'Pool still allocated after the driver unloaded',
    rules: [],
  },
  'object-leak': { family: 'leak', title: 'A reference or handle was never released', rules: [] },
  'port-left-open': {
    family: 'leak',
    title: 'A server port is still open when the filter unregisters: the unload never ends',
    rules: ['R-FLT-34'],
  },
  // how things end
  'endless-loop': { family: 'end', title: 'Driver code ran on without end', rules: [] },
  'endless-recursion': { family: 'end', title: 'Driver code used up its kernel stack', rules: [] },
  'machine-trap': { family: 'end', title: 'Driver code trapped', rules: [] },
  'unhandled-exception': {
    family: 'end',
    title: 'An exception left the driver unhandled',
    rules: [],
  },
  'loaded-but-never-called': {
    family: 'load',
    title: 'Loaded, its output is heard, and none of its callbacks was called',
    rules: [],
  },
  'filter-verifier': {
    family: 'contract',
    title: 'Filter Verifier stopped the machine because of this filter',
    rules: [],
  },
  'driver-entry-failed': { family: 'load', title: 'DriverEntry returned an error', rules: [] },
  'import-not-exported': {
    family: 'load',
    title: 'A static import that this version of Windows does not export',
    rules: [],
  },
} as const satisfies Record<string, FindingEntry>;

export type FindingId = keyof typeof findingCatalogue;
export const findingIds = Object.keys(findingCatalogue) as FindingId[];

export const SourcePlace = z.strictObject({
  file: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().nonnegative().optional(),
  function: z.string().optional(),
});
export type SourcePlace = z.infer<typeof SourcePlace>;

export const Finding = z.strictObject({
  id: z.enum(findingIds as [FindingId, ...FindingId[]]),
  rules: z.array(RuleId),
  /** What happened in this case, in the reader's words. */
  message: z.string(),
  /** Where in the driver; absent only where no line of the driver is involved. */
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  /** Innermost frame first. */
  stack: z.array(SourcePlace).default([]),
  /** The step during which it happened. */
  actor: z.string().optional(),
  step: z.string().optional(),
  /** How sure the model is: the weakest grade among what it rests on. */
  evidence: z.string().optional(),
  /** How often the same finding came up at the same place. */
  count: z.number().int().positive().default(1),
});
export type Finding = z.output<typeof Finding>;
