// Long work told step by step: a stream of what it does now, then what it came to. What is said between two
// readings is told by its last line.

export type Told<T> =
  { readonly kind: 'step'; readonly text: string } | { readonly kind: 'done'; readonly value: T };

export async function* toldInSteps<T>(
  work: (tell: (text: string) => void) => Promise<T>,
): AsyncGenerator<Told<T>> {
  const steps: string[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  const done = work((text) => {
    if (steps.at(-1) !== text) steps.push(text);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  // Whoever reads to the end is told; who leaves before has no use for it.
  done.catch(() => undefined);
  while (!ended || steps.length > 0) {
    const text = steps.shift();
    if (text === undefined) await new Promise<void>((resolve) => (wake = resolve));
    else yield { kind: 'step', text };
  }
  yield { kind: 'done', value: await done };
}
