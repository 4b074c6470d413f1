// Reads what clang prints for -fdump-record-layouts-complete. A line is an offset, a bar, two blanks for
// each level, and the declaration of a member; the members of a nested record follow one level down.

export interface DumpedField {
  /** "Parameters.Create.Options": members of unnamed records are written with their path. */
  readonly path: string;
  readonly offset: number;
  /** As declared, without tags: "PVOID", "UCHAR[6]", "LIST_ENTRY *". */
  readonly type: string;
  /** First and last bit, of a bit-field. */
  readonly bits?: readonly [first: number, last: number];
}

export interface DumpedRecord {
  readonly kind: 'struct' | 'union';
  /** Without the underscore of the kit's tags: "FILE_OBJECT" for struct _FILE_OBJECT. */
  readonly name: string;
  readonly tag: string;
  readonly size: number;
  readonly fields: readonly DumpedField[];
}

const HEADER = /^\s*0 \| (struct|union) (_?[A-Za-z]\w*)$/;
const MEMBER = /^\s*(\d+)(?::(\d+)-(\d+))? \|( +)(.*)$/;
const SIZE = /\[sizeof=(\d+)/;
const UNNAMED = /\((?:anonymous|unnamed) /;

/** Records with a name of the kit's form, in the order of their names. */
export function parseRecordLayouts(dump: string): DumpedRecord[] {
  const records = dump
    .split('*** Dumping AST Record Layout')
    .flatMap((block) => parseRecord(block.split('\n').filter((line) => line.includes('|'))));
  const byName = new Map(records.map((record) => [record.name, record]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parseRecord([first, ...lines]: string[]): DumpedRecord[] {
  const [, kind, tag] = HEADER.exec(first ?? '') ?? [];
  const size = SIZE.exec(lines.at(-1) ?? '')?.[1];
  if (kind === undefined || tag === undefined || size === undefined || tag.startsWith('__'))
    return [];
  const name = tag.replace(/^_/, '');
  const fields = parseFields(lines.slice(0, -1));
  return [{ kind: kind as DumpedRecord['kind'], name, tag, size: Number(size), fields }];
}

function parseFields(lines: readonly string[]): DumpedField[] {
  const fields: DumpedField[] = [];
  // Prefix of each open level; undefined below a record that has a layout of its own.
  const prefixes: (string | undefined)[] = [''];
  for (const line of lines) {
    const [, offset, first, last, indent, text] = MEMBER.exec(line) ?? [];
    if (text === undefined || indent === undefined) continue;
    const depth = (indent.length - 3) / 2;
    const prefix = prefixes[depth];
    if (prefix === undefined) {
      prefixes[depth + 1] = undefined;
      continue;
    }
    const { name, type, unnamed } = parseMember(text);
    const path = name === '' ? prefix.replace(/\.$/, '') : prefix + name;
    prefixes[depth + 1] = unnamed ? (path === '' ? '' : `${path}.`) : undefined;
    if (name === '') continue;
    const bits = first === undefined ? {} : { bits: [Number(first), Number(last)] as const };
    fields.push({ path, offset: Number(offset), type, ...bits });
  }
  return fields;
}

function parseMember(text: string): { name: string; type: string; unnamed: boolean } {
  if (UNNAMED.test(text)) {
    const name = /\)\s*(\w*)\s*$/.exec(text)?.[1] ?? '';
    return { name, type: /^union/.test(text) ? 'union' : 'struct', unnamed: true };
  }
  const [, type = '', name = ''] = /^(.*?)\s*(\w+)$/.exec(text) ?? [];
  return { name, type: type.replace(/\b(?:struct|union|enum) _?/g, ''), unnamed: false };
}
