// Whatever cuts the work short, everything is taken back, last change first.
import { expect, test } from 'vitest';
import { orUndo, UndoStack } from './undoStack.ts';

const changes = (log: string[], stack: UndoStack, names: readonly string[]): void => {
  for (const name of names) {
    stack.push(name, async () => {
      log.push(name);
      if (name.startsWith('stuck')) throw new Error(`${name} will not go`);
    });
  }
};

const rows = [
  ['nothing', [], [], []],
  ['three changes', ['folder', 'service', 'driver'], ['driver', 'service', 'folder'], []],
  ['one that fails', ['folder', 'stuck', 'driver'], ['driver', 'stuck', 'folder'], ['stuck']],
  ['all that fail', ['stuck 1', 'stuck 2'], ['stuck 2', 'stuck 1'], ['stuck 2', 'stuck 1']],
] as const;

test.each(rows)('unwinding %s', async (_name, made, takenBack, failed) => {
  const [log, stack] = [[] as string[], new UndoStack()];
  changes(log, stack, made);
  const failures = await stack.unwind();
  expect(log).toEqual(takenBack);
  expect(failures.map(({ what }) => what)).toEqual(failed);
  expect(await stack.unwind(), 'each runs once').toEqual([]);
});

test('work that succeeds keeps its changes', async () => {
  const [log, stack] = [[] as string[], new UndoStack()];
  changes(log, stack, ['folder']);
  expect(await orUndo(stack, async () => 7)).toBe(7);
  expect([log, stack.depth]).toEqual([[], 1]);
  stack.keep();
  expect(await stack.unwind()).toEqual([]);
  expect(log).toEqual([]);
});

test('work that fails ends with its own error, and leftovers are told', async () => {
  const [log, stack, leftovers] = [[] as string[], new UndoStack(), [] as string[]];
  const work = async (): Promise<never> => {
    changes(log, stack, ['folder', 'stuck']);
    throw new Error('cut');
  };
  await expect(orUndo(stack, work, ({ what }) => leftovers.push(what))).rejects.toThrow('cut');
  expect([log, leftovers]).toEqual([['stuck', 'folder'], ['stuck']]);
});

test('an undo gets a signal of its own, with a limit', async () => {
  const stack = new UndoStack();
  stack.push(
    'a machine that does not answer',
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  expect(await stack.unwind(1)).toMatchObject([{ error: { name: 'TimeoutError' } }]);
});
