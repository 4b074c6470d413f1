// Parsing the WDK headers is most of what compiling a unit costs, and they hardly ever change: they are
// compiled once for each set of flags and loaded in front of every unit that begins with them.
import { posix } from 'node:path';
import { normalizePath, type SourceFile } from './sourceFiles.ts';

/** Folder of the compiler's own file system; see WDK_FOLDER. */
export const PRECOMPILED_FOLDER = '$precompiled';

/** What a unit may be compiled on top of. */
export interface Precompilable {
  /** The WDK header with which the unit begins. */
  readonly header: string;
  /** Those of the build's defines that the headers may look at. */
  readonly defines: readonly string[];
}

export interface HeaderSpace {
  /** Names of our WDK headers, as they are included. */
  readonly wdkNames: readonly string[];
  /** Every identifier in them. */
  readonly wdkIdentifiers: ReadonlySet<string>;
}

/**
 * Says on which header `unit` can be compiled, which is so when loading it first cannot be told from
 * including it: nothing comes before it but comments and macros that no header mentions. The unit may
 * reach it through headers of the sample. Undefined when in doubt.
 */
export function precompilable(
  unit: SourceFile,
  headers: readonly SourceFile[],
  defines: readonly string[],
  { wdkNames, wdkIdentifiers }: HeaderSpace,
): Precompilable | undefined {
  const wdk = new Set(wdkNames);
  const own = new Map(headers.map(({ path, text }) => [path, text]));
  // One that shadows a header of the kit.
  if (headers.some(({ path }) => wdk.has(posix.basename(path).toLowerCase()))) return undefined;
  let at = unit;
  for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
    const opening = openingOf(at.text);
    if (opening === undefined) return undefined;
    if (opening.guard !== undefined && wdkIdentifiers.has(opening.guard)) return undefined;
    if (opening.macros.some((name) => mayMatter(name, wdkIdentifiers))) return undefined;
    const { include, angled } = opening;
    if (angled) {
      if (!wdk.has(include)) return undefined;
      return {
        header: include,
        defines: defines.filter((define) => mayMatter(nameOf(define), wdkIdentifiers)),
      };
    }
    const path = normalizePath(
      include.startsWith('/') ? include : posix.join(posix.dirname(at.path), include),
    );
    const text = own.get(path);
    if (text === undefined) return undefined;
    at = { path, text };
  }
  return undefined;
}

const DEPTH_LIMIT = 8;

/** "NAME", "NAME=VALUE" or "NAME(x)=VALUE". */
const nameOf = (define: string): string => /^\w*/.exec(define)?.[0] ?? '';

/** The compiler's own headers are not searched: what they look at begins with an underscore. */
const mayMatter = (name: string, identifiers: ReadonlySet<string>): boolean =>
  name.startsWith('_') || identifiers.has(name);

interface Opening {
  /** The macro that keeps the file from being included twice. */
  readonly guard?: string | undefined;
  /** Defined before the include. */
  readonly macros: readonly string[];
  readonly include: string;
  readonly angled: boolean;
}

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const DIRECTIVE =
  /#[ \t]*(?:(?<once>pragma[ \t]+once\b)|ifndef[ \t]+(?<guard>\w+)|define[ \t]+(?<macro>\w+)(?:\\\r?\n|[^\n])*|include[ \t]*(?:<(?<angled>[^>\n]+)>|"(?<quoted>[^"\n]+)"))/y;

/** What a file does before its first include; undefined when that is more than defining macros. */
export function openingOf(text: string): Opening | undefined {
  const macros: string[] = [];
  let guard: string | undefined;
  let guarded = true;
  for (let at = 0; ;) {
    SKIPPED.lastIndex = at;
    SKIPPED.exec(text);
    DIRECTIVE.lastIndex = SKIPPED.lastIndex;
    const found = DIRECTIVE.exec(text)?.groups;
    if (found === undefined) return undefined;
    at = DIRECTIVE.lastIndex;
    const include = found['angled'] ?? found['quoted'];
    // An #ifndef is followed by the #define of the same name, or it is no guard.
    if (!guarded && found['macro'] !== guard) return undefined;
    if (include !== undefined) {
      return { guard, macros, include, angled: found['angled'] !== undefined };
    }
    if (found['guard'] !== undefined) {
      if (guard !== undefined || macros.length > 0) return undefined;
      guard = found['guard'];
      guarded = false;
    } else if (found['macro'] !== undefined && guarded) macros.push(found['macro']);
    else guarded = true;
  }
}

/**
 * Those of a build's defines that any of the files can see. A unit that names none of what a variant is
 * chosen by is the same unit in every variant. A name that is put together by ## is seen nowhere, so
 * with one of those all defines count.
 */
export function visibleDefines(
  defines: readonly string[],
  texts: readonly string[],
  { wdkIdentifiers }: Pick<HeaderSpace, 'wdkIdentifiers'>,
): readonly string[] {
  if (texts.some((text) => text.includes('##'))) return defines;
  const own = identifiersOf(texts);
  return defines.filter((define) => {
    const name = nameOf(define);
    return own.has(name) || mayMatter(name, wdkIdentifiers);
  });
}

export const identifiersOf = (texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));
