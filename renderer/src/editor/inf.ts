// INF files of minifilters: colours, completion of sections and entries, and what is missing.
import type * as Monaco from 'monaco-editor/editor';

interface Entry {
  readonly text: string;
  readonly what: string;
}

/** Sections that the INF of a minifilter has, with the entries that belong to them. */
const sections: Readonly<Record<string, readonly Entry[]>> = {
  Version: [
    { text: 'Signature = "$Windows NT$"', what: 'Every INF begins with it.' },
    { text: 'Class = "ActivityMonitor"', what: 'The class of the load order group.' },
    { text: 'ClassGuid = {b86dff51-a31e-4bac-b3cf-e8cfe75c9fc2}', what: 'Activity Monitor.' },
    { text: 'Provider = %ProviderString%', what: 'Who made it.' },
    { text: 'DriverVer = 01/01/2026,1.0.0.0', what: 'Date and version.' },
    { text: 'CatalogFile = driver.cat', what: 'The signed catalogue.' },
    { text: 'PnpLockdown = 1', what: 'Files are protected; newer Windows wants it.' },
  ],
  DestinationDirs: [{ text: 'DefaultDestDir = 12', what: '%windir%\\system32\\drivers.' }],
  'DefaultInstall.NTamd64': [
    { text: 'OptionDesc = %ServiceDescription%', what: 'Shown while it is installed.' },
    { text: 'CopyFiles = DriverFiles', what: 'A section with the .sys.' },
  ],
  'DefaultInstall.NTamd64.Services': [
    { text: 'AddService = %ServiceName%,,ServiceSection', what: 'Makes the service.' },
  ],
  ServiceSection: [
    { text: 'DisplayName = %ServiceName%', what: 'As `sc query` shows it.' },
    { text: 'ServiceBinary = %12%\\driver.sys', what: 'Where the .sys lies.' },
    { text: 'Dependencies = "FltMgr"', what: 'The Filter Manager first.' },
    { text: 'ServiceType = 2', what: 'SERVICE_FILE_SYSTEM_DRIVER.' },
    { text: 'StartType = 3', what: 'SERVICE_DEMAND_START; 0 is boot.' },
    { text: 'ErrorControl = 1', what: 'SERVICE_ERROR_NORMAL.' },
    { text: 'LoadOrderGroup = "FSFilter Activity Monitor"', what: 'The group its altitude is in.' },
    { text: 'AddReg = AddRegistry', what: 'The section with the instances.' },
  ],
  AddRegistry: [
    { text: 'HKR,,"DefaultInstance",0x00000000,%DefaultInstance%', what: 'Attached by itself.' },
    {
      text: 'HKR,"Instances\\"%Instance1.Name%,"Altitude",0x00000000,%Instance1.Altitude%',
      what: 'Where in the stack.',
    },
    {
      text: 'HKR,"Instances\\"%Instance1.Name%,"Flags",0x00010001,%Instance1.Flags%',
      what: '0 attaches by itself and by hand.',
    },
  ],
  Strings: [
    { text: 'Instance1.Name = "driver Instance"', what: 'Name of the instance.' },
    { text: 'Instance1.Altitude = "370030"', what: 'Assigned by Microsoft.' },
    { text: 'Instance1.Flags = 0x0', what: 'Automatic and manual attachment.' },
  ],
};

/** What the INF of a minifilter cannot do without. */
const needed: readonly (readonly [RegExp, string])[] = [
  [/^\s*\[Version\]/im, 'The section [Version] is missing.'],
  [
    /^\s*Signature\s*=\s*"\$(Windows NT|WINDOWS NT)\$"/im,
    '[Version] needs Signature = "$Windows NT$".',
  ],
  [/^\s*\[DefaultInstall(\.\w+)?\]/im, 'The section [DefaultInstall.NTamd64] is missing.'],
  [
    /^\s*\[DefaultInstall(\.\w+)?\.Services\]/im,
    'The section [DefaultInstall.NTamd64.Services] is missing.',
  ],
  [/"?Altitude"?/i, 'No altitude is written: the Filter Manager refuses an instance without one.'],
  [
    /^\s*ServiceType\s*=\s*(2|%SERVICE_FILE_SYSTEM_DRIVER%)/im,
    'ServiceType must be 2 (SERVICE_FILE_SYSTEM_DRIVER).',
  ],
  [/^\s*LoadOrderGroup\s*=/im, 'LoadOrderGroup is missing: the filter would load in no group.'],
  [
    /Dependencies\s*=\s*"?FltMgr"?/i,
    'Dependencies = "FltMgr" is missing: the filter could start before its manager.',
  ],
];

export function registerInf(monaco: typeof Monaco): void {
  monaco.languages.register({ id: 'inf', extensions: ['.inf'] });
  monaco.languages.setMonarchTokensProvider('inf', {
    ignoreCase: true,
    tokenizer: {
      root: [
        [/^\s*;.*$/, 'comment'],
        [/^\s*\[[^\]]*\]/, 'keyword.directive'],
        [/^\s*[\w.%]+(?=\s*=)/, 'keyword'],
        [/"[^"]*"/, 'string'],
        [/%[\w.]+%/, 'number'],
        [/;.*$/, 'comment'],
        [/0x[0-9a-f]+|\d+/, 'number'],
      ],
    },
  });
  monaco.languages.setLanguageConfiguration('inf', { comments: { lineComment: ';' } });
  registerCompletion(monaco);
  const check = (model: Monaco.editor.ITextModel): void => {
    if (model.getLanguageId() !== 'inf') return;
    monaco.editor.setModelMarkers(model, 'inf', checkInf(monaco, model));
    model.onDidChangeContent(() =>
      monaco.editor.setModelMarkers(model, 'inf', checkInf(monaco, model)),
    );
  };
  monaco.editor.getModels().forEach(check);
  monaco.editor.onDidCreateModel(check);
}

function checkInf(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
): Monaco.editor.IMarkerData[] {
  const text = model.getValue();
  return needed
    .filter(([pattern]) => !pattern.test(text))
    .map(([, message]) => ({
      severity: monaco.MarkerSeverity.Warning,
      message,
      source: 'inf',
      startLineNumber: 1,
      startColumn: 1,
      endLineNumber: 1,
      endColumn: model.getLineMaxColumn(1),
    }));
}

function registerCompletion(monaco: typeof Monaco): void {
  const { CompletionItemKind } = monaco.languages;
  monaco.languages.registerCompletionItemProvider('inf', {
    triggerCharacters: ['['],
    provideCompletionItems: (model, position) => {
      const line = model.getLineContent(position.lineNumber);
      const range = new monaco.Range(position.lineNumber, 1, position.lineNumber, line.length + 1);
      if (/^\s*\[/.test(line)) {
        return {
          suggestions: Object.keys(sections).map((name) => ({
            label: `[${name}]`,
            kind: CompletionItemKind.Module,
            insertText: `[${name}]`,
            range,
          })),
        };
      }
      const entries = sections[sectionAt(model, position.lineNumber)] ?? [];
      return {
        suggestions: entries.map(({ text, what }) => ({
          label: text,
          kind: CompletionItemKind.Property,
          documentation: what,
          insertText: text,
          range,
        })),
      };
    },
  });
}

function sectionAt(model: Monaco.editor.ITextModel, from: number): string {
  for (let line = from; line >= 1; line -= 1) {
    const found = /^\s*\[([^\]]*)\]/.exec(model.getLineContent(line))?.[1];
    if (found === undefined) continue;
    const known = Object.keys(sections).find((name) => name.toLowerCase() === found.toLowerCase());
    if (known !== undefined) return known;
    return /addreg/i.test(found)
      ? 'AddRegistry'
      : /service/i.test(found)
        ? 'ServiceSection'
        : found;
  }
  return '';
}
