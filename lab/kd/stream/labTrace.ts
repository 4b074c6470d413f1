// LAB_TRACE lines: how a sample reports through DbgPrint so that a line is an event and a missing or cut
// line is noticed. One call prints one line:
//
//   LAB_TRACE dirnotify 17 pre major=IRP_MJ_CREATE status=0x0 file="\a b" ;
//
// driver, a number that counts up from any start, the event, fields, and the mark of the end. A gap in
// the numbers is lines that the DbgPrint buffer dropped; a line without its mark was cut.

export interface LabTraceLine {
  readonly driver: string;
  readonly sequence: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const LAB_TRACE = 'LAB_TRACE ';

const head =
  /^LAB_TRACE ([A-Za-z]\w*) (\d{1,10}) ([a-z][\w-]*)((?: \w[\w.-]*=(?:"(?:[^"\\]|\\.)*"|[^\s"]*))*) ;\s*$/;
const field = /(\w[\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g;

/** Undefined when the line is not whole. */
export function parseLabTrace(line: string): LabTraceLine | undefined {
  const [, driver, sequence, event, rest = ''] = head.exec(line) ?? [];
  if (driver === undefined || sequence === undefined || event === undefined) return undefined;
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of rest.matchAll(field)) {
    fields[name] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
  }
  return { driver, sequence: Number(sequence), event, fields };
}

/** The line again, in one form whatever form it came in. */
export function formatLabTrace({ driver, sequence, event, fields }: LabTraceLine): string {
  const told = Object.entries(fields).map(([name, value]) =>
    /^[^\s"\\]+$/.test(value)
      ? ` ${name}=${value}`
      : ` ${name}="${value.replace(/["\\]/g, '\\$&')}"`,
  );
  return `${LAB_TRACE}${driver} ${sequence} ${event}${told.join('')} ;`;
}

/** Watches the numbers of each driver. Lines may come out of order from several processors. */
export class SequenceWatch {
  private readonly highest = new Map<string, number>();
  /** Numbers that were skipped and may still come, oldest first. */
  private readonly missing = new Map<string, Set<number>>();
  private readonly window: number;

  /** A number that is `window` lines late counts as lost. */
  constructor(window = 64) {
    this.window = window;
  }

  /** How many lines are now known to be lost. */
  see({ driver, sequence }: Pick<LabTraceLine, 'driver' | 'sequence'>): number {
    const highest = this.highest.get(driver);
    const missing = this.missing.get(driver) ?? new Set<number>();
    this.missing.set(driver, missing);
    if (highest === undefined) {
      this.highest.set(driver, sequence);
      return 0;
    }
    if (sequence <= highest) {
      // Late, or the driver was loaded again and counts anew.
      if (!missing.delete(sequence)) this.restart(driver, sequence);
      return 0;
    }
    this.highest.set(driver, sequence);
    let lost = 0;
    // A long gap is lost at once: it is not what reordering does.
    const from = Math.max(highest + 1, sequence - this.window);
    lost += from - (highest + 1);
    for (let each = from; each < sequence; each += 1) missing.add(each);
    for (const each of missing) {
      if (each >= sequence - this.window) break;
      missing.delete(each);
      lost += 1;
    }
    return lost;
  }

  /** What is still missing when the stream ends is lost. */
  end(): number {
    let lost = 0;
    for (const missing of this.missing.values()) lost += missing.size;
    this.missing.clear();
    return lost;
  }

  private restart(driver: string, sequence: number): void {
    this.highest.set(driver, sequence);
    this.missing.set(driver, new Set());
  }
}
