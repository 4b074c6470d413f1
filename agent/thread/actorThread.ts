// The thread that plays an actor: answers what it is asked, one question after the other.
import type { MessagePort } from 'node:worker_threads';
import { withArena } from '../native/arena.ts';
import type { NativeApi } from '../native/nativeApi.ts';
import { emptyFolder } from './emptyFolder.ts';
import { nativeFacts } from './facts.ts';
import type {
  Answer,
  Ask,
  Completion,
  NativeOutcome,
  RequestMemory,
  ThreadCall,
} from './messages.ts';
import { performStep } from './performStep.ts';
import { unmapView } from './sectionSteps.ts';
import { completionOf, releaseRequest, waitFor } from './requests.ts';

/** As it crosses from thread to thread: a question with a number, and the answer to that number. */
export interface Question<Kind extends ThreadCall = ThreadCall> {
  readonly id: number;
  readonly kind: Kind;
  readonly ask: Ask<Kind>;
}
export type Reply =
  | { readonly id: number; readonly answer: Answer<ThreadCall> }
  | { readonly id: number; readonly problem: string };

type Handlers = {
  readonly [Kind in ThreadCall]: (
    native: NativeApi,
    ask: Ask<Kind>,
  ) => Answer<Kind> | Promise<Answer<Kind>>;
};

export const handlers: Handlers = {
  perform: async (native, { step, pending, release }) => {
    for (const request of release) releaseRequest(native, request);
    const outcome = await performStep(native, step);
    return {
      outcome,
      completed: completions(native, pending),
      own: ownCompletion(native, outcome),
    };
  },
  settle: async (native, { pending, limit_ms }) => {
    const deadline_ms = performance.now() + limit_ms;
    for (const request of pending) {
      await waitFor(native, request, Math.max(0, deadline_ms - performance.now()));
    }
    return { completed: completions(native, pending) };
  },
  cancel: (native, { requests }) => {
    for (const { handle, block } of requests) {
      withArena(native, (arena) =>
        native.call('NtCancelIoFileEx', handle, block, arena.ioStatusBlock()),
      );
    }
    return {};
  },
  release: (native, { requests }) => {
    for (const request of requests) releaseRequest(native, request);
    return {};
  },
  close: (native, { handles }) => {
    for (const handle of handles) native.call('NtClose', handle);
    return {};
  },
  unmap: (native, { views }) => {
    for (const view of views) unmapView(native, view);
    return {};
  },
  empty: async (native, { folder }) => ({ left: await emptyFolder(native, folder) }),
  facts: (native) => ({ facts: nativeFacts(native) }),
};

const completions = (
  native: NativeApi,
  pending: readonly RequestMemory[],
): readonly (Completion | null)[] => pending.map((request) => completionOf(native, request));

/**
 * What the step's own request has delivered by the time its call returned: seen in the block that was
 * read right after the call, so that a completion a moment later is not taken for an inline one.
 */
function ownCompletion(native: NativeApi, outcome: NativeOutcome): Completion | null {
  const { request, information } = outcome;
  if (request === undefined || request.returned === 'started') return null;
  const inline = information !== undefined || request.returned !== 0x103;
  return inline ? completionOf(native, request) : null;
}

export function serveActorThread(port: MessagePort, native: NativeApi): void {
  // Questions are answered in order: a second one may not overtake a wait.
  let last: Promise<void> = Promise.resolve();
  port.on('message', (question: Question) => {
    last = last.then(() => answer(port, native, question));
  });
}

async function answer(port: MessagePort, native: NativeApi, question: Question): Promise<void> {
  const { id, kind, ask } = question;
  const handler = handlers[kind] as (
    native: NativeApi,
    ask: Ask<ThreadCall>,
  ) => Answer<ThreadCall> | Promise<Answer<ThreadCall>>;
  try {
    port.postMessage({ id, answer: await handler(native, ask) } satisfies Reply);
  } catch (error) {
    // The boundary of the thread: what could not be done is told to whoever asked.
    const problem = error instanceof Error ? error.message : String(error);
    port.postMessage({ id, problem } satisfies Reply);
  }
}
