// What is said about lines of the source, as the editor draws it: squiggles, coverage, findings.
import { monaco } from './monaco.ts';
import type { Problem } from './problems.ts';

export type Model = monaco.editor.ITextModel;
type Decoration = monaco.editor.IModelDeltaDecoration;

/** What is said about a line may come later than the edit that removed it. */
const within = (model: Model, problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((one) => one.line > 0 && one.line <= model.getLineCount());

export const markersOf = (
  model: Model,
  problems: readonly Problem[],
): monaco.editor.IMarkerData[] => within(model, problems).map((one) => markerOf(one, model));

export const coverageDecorations = (
  model: Model,
  counts: readonly (readonly [number, number])[],
): Decoration[] => counts.filter(([line]) => line <= model.getLineCount()).map(coverageDecoration);

export const findingDecorations = (model: Model, problems: readonly Problem[]): Decoration[] =>
  within(model, problems)
    .filter((one) => one.kind === 'finding')
    .map((one) => findingDecoration(one, model));

function markerOf(problem: Problem, model: Model): monaco.editor.IMarkerData {
  const { MarkerSeverity } = monaco;
  const severities = {
    error: MarkerSeverity.Error,
    finding: MarkerSeverity.Error,
    warning: MarkerSeverity.Warning,
    note: MarkerSeverity.Info,
  };
  const rules = problem.rules.length > 0 ? `\nRules: ${problem.rules.join(' ')}` : '';
  return {
    severity: severities[problem.kind],
    message: `${problem.message}${rules}`,
    source: problem.source,
    ...rangeOf(problem, model),
  };
}

/** The range that was told, else the word at the place, else the text of the line. */
function rangeOf({ line, column, end }: Problem, model: Model): monaco.IRange {
  const startLineNumber = line;
  if (column === undefined) {
    const first = model.getLineFirstNonWhitespaceColumn(line) || 1;
    const endColumn = Math.max(model.getLineMaxColumn(line), first + 1);
    return { startLineNumber, startColumn: first, endLineNumber: line, endColumn };
  }
  if (end !== undefined) {
    const { line: endLineNumber, column: endColumn } = end;
    return { startLineNumber, startColumn: column, endLineNumber, endColumn };
  }
  const startColumn = Math.min(column, model.getLineMaxColumn(line));
  const word = model.getWordAtPosition({ lineNumber: line, column: startColumn });
  const endColumn = Math.max(word?.endColumn ?? 0, startColumn + 1);
  return { startLineNumber, startColumn, endLineNumber: line, endColumn };
}

function coverageDecoration([line, count]: readonly [number, number]): Decoration {
  return {
    range: new monaco.Range(line, 1, line, 1),
    options: {
      linesDecorationsClassName: count > 0 ? 'line-covered' : 'line-uncovered',
      linesDecorationsTooltip:
        count > 0 ? `ran ${count} ${count === 1 ? 'time' : 'times'}` : 'did not run',
    },
  };
}

function findingDecoration({ line, source }: Problem, model: Model): Decoration {
  return {
    range: new monaco.Range(line, 1, line, model.getLineMaxColumn(line)),
    options: {
      isWholeLine: true,
      className: 'line-finding',
      after: { content: `  ${source}`, inlineClassName: 'finding-note' },
      stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
    },
  };
}
