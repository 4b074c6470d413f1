// Where rows of one height lie, when one of them is open and taller, and when all together are taller
// than a browser can draw: then a pixel of the scroll bar stands for several.

/** Browsers stop at some 16 to 33 million pixels. */
const HEIGHT_MAX = 12_000_000;

export interface Space {
  /** Of what is scrolled, in pixels. */
  readonly height: number;
  /** Pixels of content for each that is scrolled. */
  readonly scale: number;
}

export function spaceOf(total: number, row: number, open: number, view: number): Space {
  const height = total * row + open;
  if (height <= HEIGHT_MAX) return { height, scale: 1 };
  return { height: HEIGHT_MAX, scale: (height - view) / (HEIGHT_MAX - view) };
}

/** The row at `y`; the open one and what belongs to it count as one. */
export function rowAt(y: number, row: number, open: number, openHeight: number): number {
  const plain = Math.floor(y / row);
  if (openHeight === 0 || plain <= open) return plain;
  const below = (open + 1) * row + openHeight;
  return y < below ? open : open + 1 + Math.floor((y - below) / row);
}
