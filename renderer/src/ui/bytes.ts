// Bytes as hex and as what they mean, one side or two.
import { decodeNotifyInformation } from '../../../contract/notifyInformation.ts';

export interface ByteCell {
  readonly text: string;
  readonly differs: boolean;
}
export interface HexLine {
  readonly offset: number;
  readonly a: readonly ByteCell[];
  readonly b: readonly ByteCell[];
}

const PER_LINE = 16;
/** More is read in a tool for it; what differs first is within this. */
const LINES_MAX = 256;

export function hexLines(left: string, right: string | undefined): HexLine[] {
  const length = Math.max(left.length, right?.length ?? 0) / 2;
  const lines: HexLine[] = [];
  for (let offset = 0; offset < length && lines.length < LINES_MAX; offset += PER_LINE) {
    const cells = (text: string, other: string | undefined): ByteCell[] => {
      const row: ByteCell[] = [];
      for (let at = offset; at < Math.min(offset + PER_LINE, length); at += 1) {
        const byte = text.slice(at * 2, at * 2 + 2);
        const differs = other !== undefined && byte !== other.slice(at * 2, at * 2 + 2);
        row.push({ text: `${byte === '' ? '··' : byte} `, differs });
      }
      return row;
    };
    lines.push({ offset, a: cells(left, right), b: cells(right ?? '', left) });
  }
  return lines;
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );

export interface DecodedLine {
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
}

/** FILE_NOTIFY_INFORMATION, entry by entry. */
export function decodeLines(left: string, right: string | undefined): DecodedLine[] {
  const entries = (hex: string): string[] =>
    decodeNotifyInformation(bytesOf(hex)).map(({ action, name }) => `${action} ${name}`);
  const a = entries(left);
  const b = right === undefined ? [] : entries(right);
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => ({
    a: a[at] ?? '(none)',
    b: b[at] ?? '(none)',
    differs: right !== undefined && a[at] !== b[at],
  }));
}
