// What the editor knows about C drivers: routines of our headers with their documentation, names, and
// what each callback did in the last prediction. Registered once, for all drivers.
import type { CallbackSummary, Routine, Word } from '../../../contract/rpc.ts';
import { ntStatusName } from '../../../contract/windows/ntstatus.ts';
import type { Lab } from '../lab.ts';
import { ask } from '../lab.ts';
import { lensesOf } from './lenses.ts';
import { json, monaco } from './monaco.ts';
import { registerInf } from './inf.ts';

type Model = monaco.editor.ITextModel;

export interface Knowledge {
  /** Shows these above the callbacks of the driver that is open. */
  callbacks(
    summaries: readonly CallbackSummary[],
    pathOf: (model: Model) => string | undefined,
  ): void;
}

export function registerKnowledge(lab: Lab): Knowledge {
  const routines = new Map<string, Routine>();
  const words = new Map<string, Word>();
  void ask(lab.reference.routines()).then((read) => {
    if (!read.ok) return;
    for (const one of read.value.routines) routines.set(one.name, one);
    for (const one of read.value.words) words.set(one.name, one);
  });
  registerSchemas(lab);
  registerInf(monaco);
  registerCompletion(routines, words);
  registerHover(routines, words);
  registerSignatures(routines);
  registerFormat();
  return registerLenses();
}

function registerSchemas(lab: Lab): void {
  void ask(lab.reference.schemas()).then((read) => {
    if (!read.ok) return;
    const { manifest, workload } = read.value;
    json.jsonDefaults.setDiagnosticsOptions({
      validate: true,
      enableSchemaRequest: false,
      schemas: [
        { uri: 'fltlab://manifest', fileMatch: ['**/fltlab.json'], schema: manifest as object },
        {
          uri: 'fltlab://workload',
          fileMatch: ['**/workloads/*.json'],
          schema: workload as object,
        },
      ],
    });
  });
}

const signature = ({ returns, name, parameters, variadic }: Routine): string => {
  const all = [
    ...parameters.map((one) => `${one.type} ${one.name}`.trim()),
    ...(variadic ? ['...'] : []),
  ];
  return `${returns} ${name}(${all.join(', ')})`;
};

const modelledText = {
  yes: 'The simulator plays it.',
  'in part': 'The simulator plays it in part.',
  no: 'The simulator does not play it: a call ends the prediction by name.',
} as const;

const withSignature = (routine: Routine): string =>
  '```c\n' + signature(routine) + ';\n```\n\n' + documentation(routine);

/** As Markdown: where it comes from, IRQL, what it returns, and the rules of ours that mention it. */
function documentation(routine: Routine): string {
  const { module, header, irql, since, modelled, note, rules, returns } = routine;
  return [
    module === '' ? `\`${header}\`` : `\`${module}\`, declared in \`${header}\``,
    irql === null ? '' : `IRQL: at most \`${irql}\`.`,
    /^(VOID|void)$/.test(returns) ? 'Returns nothing.' : `Returns \`${returns}\`.`,
    since === null ? '' : `Exported since Windows ${since}.`,
    modelled === null ? '' : modelledText[modelled],
    note ?? '',
    rules.length === 0
      ? ''
      : `Rules: ${rules.map(({ id, title }) => `**${id}** ${title}`).join('; ')}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

function registerCompletion(routines: Map<string, Routine>, words: Map<string, Word>): void {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
  const kinds = {
    macro: CompletionItemKind.Constant,
    constant: CompletionItemKind.EnumMember,
    type: CompletionItemKind.Struct,
  };
  monaco.languages.registerCompletionItemProvider('c', {
    provideCompletionItems: (model, position) => {
      const word = model.getWordUntilPosition(position);
      // Thousands of names: only those that begin alike are worth offering.
      if (word.word.length < 2) return { suggestions: [] };
      const start = word.word.slice(0, 2).toLowerCase();
      const fits = (name: string): boolean => name.toLowerCase().startsWith(start);
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: word.startColumn,
        endColumn: word.endColumn,
      };
      const calls = [...routines.values()]
        .filter((one) => fits(one.name))
        .map((one) => ({
          label: one.name,
          kind: CompletionItemKind.Function,
          detail: signature(one),
          documentation: { value: documentation(one) },
          insertText: one.parameters.length === 0 ? `${one.name}()` : `${one.name}($0)`,
          insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
          range,
        }));
      const names = [...words.values()]
        .filter((one) => fits(one.name))
        .map((one) => ({
          label: one.name,
          kind: kinds[one.kind],
          detail: one.text,
          insertText: one.name,
          range,
        }));
      return { suggestions: [...calls, ...names] };
    },
  });
}

function registerHover(routines: Map<string, Routine>, words: Map<string, Word>): void {
  monaco.languages.registerHoverProvider('c', {
    provideHover: (model, position) => {
      const word = model.getWordAtPosition(position)?.word ?? '';
      const routine = routines.get(word);
      if (routine !== undefined) return { contents: [{ value: withSignature(routine) }] };
      const known = words.get(word);
      if (known !== undefined) return { contents: [{ value: '```c\n' + known.text + '\n```' }] };
      const status = /^0xC[0-9A-Fa-f]{7}L?$/.test(word)
        ? ntStatusName(Number.parseInt(word, 16))
        : '';
      return status === '' ? null : { contents: [{ value: `\`${status}\`` }] };
    },
  });
}

function registerSignatures(routines: Map<string, Routine>): void {
  monaco.languages.registerSignatureHelpProvider('c', {
    signatureHelpTriggerCharacters: ['(', ','],
    provideSignatureHelp: (model, position) => {
      const call = callAt(model, position);
      const routine = call === undefined ? undefined : routines.get(call.name);
      if (routine === undefined || call === undefined) return null;
      const parameters = routine.parameters.map((one) => ({
        label: `${one.type} ${one.name}`.trim(),
      }));
      const activeParameter = Math.min(call.argument, Math.max(0, parameters.length - 1));
      const shown = {
        label: signature(routine),
        documentation: { value: documentation(routine) },
        parameters,
      };
      return {
        value: { signatures: [shown], activeSignature: 0, activeParameter },
        dispose: () => undefined,
      };
    },
  });
}

const CALL_LINES = 12;

/** The call that the cursor stands in, by counting brackets backwards. */
function callAt(
  model: Model,
  { lineNumber, column }: monaco.IPosition,
): { readonly name: string; readonly argument: number } | undefined {
  const from = Math.max(1, lineNumber - CALL_LINES);
  const text = model.getValueInRange(new monaco.Range(from, 1, lineNumber, column));
  let depth = 0;
  let argument = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const character = text[at];
    if (character === ')') depth += 1;
    else if (character === ';' || character === '{' || character === '}') return undefined;
    else if (character === ',' && depth === 0) argument += 1;
    else if (character === '(') {
      if (depth === 0) {
        const name = /([A-Za-z_]\w*)\s*$/.exec(text.slice(0, at))?.[1];
        return name === undefined ? undefined : { name, argument };
      }
      depth -= 1;
    }
  }
  return undefined;
}

/** No re-flowing of someone's C: blanks at line ends, tabs, and one end of line at the end. */
function registerFormat(): void {
  monaco.languages.registerDocumentFormattingEditProvider('c', {
    displayName: 'FltLab',
    provideDocumentFormattingEdits: (model, { tabSize }) => {
      const text = model
        .getLinesContent()
        .map((line) => line.replaceAll('\t', ' '.repeat(tabSize)).trimEnd())
        .join(model.getEOL());
      const formatted = `${text.trimEnd()}${model.getEOL()}`;
      return formatted === model.getValue()
        ? []
        : [{ range: model.getFullModelRange(), text: formatted }];
    },
  });
}

function registerLenses(): Knowledge {
  let summaries: readonly CallbackSummary[] = [];
  let pathOf: (model: Model) => string | undefined = () => undefined;
  const changed = new monaco.Emitter<monaco.languages.CodeLensProvider>();
  const provider: monaco.languages.CodeLensProvider = {
    onDidChange: changed.event,
    provideCodeLenses: (model) => {
      const path = pathOf(model);
      const lenses = lensesOf(summaries.filter((one) => one.file === path)).map(
        ({ line, title }) => ({
          range: new monaco.Range(line, 1, line, 1),
          command: { id: '', title },
        }),
      );
      return { lenses, dispose: () => undefined };
    },
  };
  monaco.languages.registerCodeLensProvider('c', provider);
  return {
    callbacks: (next, find) => {
      summaries = next;
      pathOf = find;
      changed.fire(provider);
    },
  };
}
