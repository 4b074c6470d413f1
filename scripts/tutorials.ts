// Reads a tutorial: the commands that a test runs, the output that it quotes, the C lines that it shows.

/** Commands in a row, and what is quoted of their output. */
export interface Scene {
  /** Each without `npx`, split at spaces outside of double quotes. */
  readonly commands: readonly (readonly string[])[];
  /** Exit code of every command of the scene. */
  readonly exitCode: number;
  readonly quoted: readonly string[];
}

export interface Excerpt {
  readonly file: string;
  readonly lines: readonly string[];
}

export interface Tutorial {
  readonly scenes: readonly Scene[];
  readonly excerpts: readonly Excerpt[];
  /** Blocks of commands that no test runs. */
  readonly untested: number;
}

const BLOCK = /^```(\S+)([^\n]*)\n([\s\S]*?)^```$/gm;

export function readTutorial(markdown: string): Tutorial {
  const scenes: { commands: string[][]; exitCode: number; quoted: string[] }[] = [];
  const excerpts: Excerpt[] = [];
  let untested = 0;
  for (const [, language, information = '', body = ''] of markdown.matchAll(BLOCK)) {
    const lines = body.split('\n').filter((line) => line.trim() !== '');
    const words = information.trim().split(' ');
    if (language === 'c') excerpts.push({ file: words[0] ?? '', lines });
    if (language === 'text') scenes.at(-1)?.quoted.push(...lines);
    if (language !== 'sh') continue;
    if (!words.includes('tested')) untested += 1;
    else {
      const exit = words.find((word) => word.startsWith('exit='))?.slice('exit='.length);
      const commands = lines.map((line) => wordsOf(line.replace(/^npx /, '')));
      scenes.push({ commands, exitCode: Number(exit ?? 0), quoted: [] });
    }
  }
  return { scenes, excerpts, untested };
}

const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** The first quoted line that does not come, in order, among the lines of `output`. */
export function firstMissing(quoted: readonly string[], output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trimEnd());
  let from = 0;
  for (const quote of quoted) {
    const pattern = new RegExp(`^${quote.trimEnd().split('…').map(escaped).join('.*')}$`);
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (found < 0) return quote;
    from = found + 1;
  }
  return undefined;
}

/** Whether the lines stand in `source` one after the other, blank lines and indentation aside. */
export function isExcerptOf(lines: readonly string[], source: string): boolean {
  const squeezed = (all: readonly string[]): string =>
    all
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  return `\n${squeezed(source.split('\n'))}\n`.includes(`\n${squeezed(lines)}\n`);
}

const escaped = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|]/g, (one) => `\\${one}`);
