// From a JavaScript stack to places in the driver's C source. V8 writes a WebAssembly frame as
// "…:wasm-function[12]:0x1a2b"; the number is an offset in the module's bytes.
import type { SourcePlace } from '../../contract/finding.ts';
import type { LinePlace, LineTable } from '../image/index.ts';

const FRAME = /(\(?[^\s(]*):wasm-function\[[0-9]+\]:0x([0-9a-f]+)/g;
const FRAMES_KEPT = 64;

/** An error whose only purpose is the stack that it remembers; its text is made when it is read. */
export function captureStack(): Error {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES_KEPT;
  const captured = new Error('stack');
  Error.stackTraceLimit = usual;
  return captured;
}

/** One frame of WebAssembly: the module by the name that V8 gives it, and the offset in its bytes. */
interface Frame {
  readonly module: string;
  readonly offset: number;
}

/** Innermost first. */
function frames({ stack = '' }: Error): Frame[] {
  return Array.from(stack.matchAll(FRAME), ([, module = '', hex = '0']) => ({
    module: module.replace(/^\(/, ''),
    offset: Number.parseInt(hex, 16),
  }));
}

/** The modules on the stack, innermost first; a module comes as often as it has frames. */
export const modulesOn = (error: Error): readonly string[] =>
  frames(error).map(({ module }) => module);

/**
 * The driver's own frames, innermost first; those of the runtime linked with it are left out, and those
 * of other drivers, whose callbacks may run above its own. `module`: null while it is not known.
 */
export function placesOf(
  error: Error,
  module: string | null,
  lines: LineTable,
  isOwn: (file: string) => boolean,
): SourcePlace[] {
  const places: SourcePlace[] = [];
  for (const { module: found, offset } of frames(error)) {
    if (module !== null && found !== module) continue;
    const place = lines.lineAt(offset) ?? lineNear(offset, lines);
    if (place === undefined || !isOwn(place.file)) continue;
    places.push(sourcePlace(place, lines.functionAt(offset)?.name));
  }
  return places;
}

/** Longer than any check that the compiler adds. */
const BYTES_NEAR = 128;

/**
 * What the compiler adds by itself (the fuel of a block, the check of a stack guard) has no line of the
 * source: the code that follows in the same function has, or else the code before it.
 */
function lineNear(offset: number, lines: LineTable): LinePlace | undefined {
  const index = lines.functionAt(offset)?.index;
  if (index === undefined) return undefined;
  for (const direction of [1, -1]) {
    for (let distance = 1; distance <= BYTES_NEAR; distance += 1) {
      const at = offset + direction * distance;
      if (lines.functionAt(at)?.index !== index) break;
      const place = lines.lineAt(at);
      if (place !== undefined) return place;
    }
  }
  return lines.entryOf(index);
}

/** A place as the contract writes it. */
export function sourcePlace(place: LinePlace, name: string | undefined): SourcePlace {
  const { file, line, column } = place;
  return { file, line, column, ...(name === undefined ? {} : { function: name }) };
}
