// What commands print: results on standard output, progress and errors on standard error. With --json
// standard output carries one object and nothing else.
import pc from 'picocolors';
import { isLabError } from '../contract/errors/labError.ts';
import type { StepVerdict } from '../contract/comparison.ts';
import { errorObject } from './exitCodes.ts';

export interface Streams {
  readonly out: NodeJS.WritableStream & { columns?: number; isTTY?: boolean };
  readonly error: NodeJS.WritableStream & { isTTY?: boolean };
}

export class Terminal {
  readonly json: boolean;
  private readonly streams: Streams;
  private progressShown = false;
  private lastProgress = '';
  private told = false;

  constructor(streams: Streams, json: boolean) {
    this.streams = streams;
    this.json = json;
  }

  get width(): number {
    return this.streams.out.columns ?? 120;
  }

  /** A line of the result, for people; not printed with --json. */
  line(text = ''): void {
    if (this.json) return;
    this.clearProgress();
    this.streams.out.write(`${text}\n`);
  }

  /** The result as the one object on standard output; what comes after it is for people only. */
  object(value: unknown): void {
    if (!this.json || this.told) return;
    this.told = true;
    this.streams.out.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * What is being done now, and how far: on a terminal one line that is replaced, elsewhere a line
   * for each new `text`, without `share`.
   */
  progress(text: string, share = ''): void {
    if (this.streams.error.isTTY) {
      this.clearProgress();
      this.streams.error.write(`${pc.dim(`${text} ${share}`.trimEnd())}`);
      this.progressShown = true;
    } else if (!this.json && text !== this.lastProgress) {
      this.streams.error.write(`${text}\n`);
    }
    this.lastProgress = text;
  }

  /** A line for people, beside the result. */
  note(text: string): void {
    this.clearProgress();
    this.streams.error.write(`${text}\n`);
  }

  /** An error as a person reads it; an exception that is no LabError is our bug and says so. */
  fail(error: unknown): void {
    this.clearProgress();
    if (isLabError(error)) {
      if (this.json) this.object(errorObject(error));
      const detail = error.detail === undefined ? '' : `${error.detail.trimEnd()}\n`;
      this.streams.error.write(
        `${pc.bold(error.problem)}\n${detail}${error.remedy}\n${pc.dim(`[${error.code}] ${error.whose}`)}\n`,
      );
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.json) {
      this.object({
        error: { code: 'internal.bug', whose: 'our bug', problem: text, remedy: REPORT_IT },
      });
    }
    this.streams.error.write(`${text}\n${REPORT_IT}\n${pc.dim('[internal.bug] our bug')}\n`);
  }

  private clearProgress(): void {
    if (!this.progressShown) return;
    this.streams.error.write('\r\u001b[2K');
    this.progressShown = false;
  }
}

const REPORT_IT = 'This is a bug of FltLab: report it with the command and the text above.';

/** Colours of verdicts; the marks carry the meaning, the colours only help. */
export function paint(kind: StepVerdict | 'dim' | 'bold', text: string): string {
  switch (kind) {
    case 'dim':
    case 'agrees':
    case 'not-comparable':
      return pc.dim(text);
    case 'bold':
      return pc.bold(text);
    case 'known':
    case 'unsure':
      return pc.yellow(text);
    default:
      return pc.red(text);
  }
}
