// Steps by version: the same step of several predictions in one row.
import type { Prediction } from '../../../contract/prediction.ts';
import { describeEvent } from '../describeEvent.ts';

export interface Cell {
  readonly text: string;
  /** Another answer than the first version that gives one. */
  readonly odd: boolean;
}
export interface MatrixRow {
  readonly key: string;
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly differs: boolean;
}

/** In the order of the first prediction that has the step. */
export function matrixOf(predictions: readonly (Prediction | undefined)[]): MatrixRow[] {
  const titles = new Map<string, string>();
  const columns = predictions.map((prediction) => {
    const column = new Map<string, string>();
    for (const event of prediction?.events ?? []) {
      if (event.kind !== 'step' && event.kind !== 'completion') continue;
      const key = `${event.actor}/${event.step}/${event.kind}`;
      const { who, what, result } = describeEvent(event);
      titles.set(key, `${who} ${what}`);
      column.set(key, result.trim());
    }
    return column;
  });
  return [...titles].map(([key, title]) => {
    const texts = columns.map((column, index) =>
      predictions[index] === undefined ? '…' : (column.get(key) ?? '(does not happen)'),
    );
    const known = texts.filter((_, index) => predictions[index] !== undefined);
    const [first] = known;
    const cells = texts.map((text, index) => ({
      text,
      odd: predictions[index] !== undefined && text !== first,
    }));
    return { key, title, cells, differs: cells.some((one) => one.odd) };
  });
}
