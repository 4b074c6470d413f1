// The shape of the generated layout tables.

/** Offset, size in bytes, type as declared; for a bit-field also its first and last bit. */
export type FieldLayout =
  | readonly [offset: number, size: number, type: string]
  | readonly [offset: number, size: number, type: string, firstBit: number, lastBit: number];

/**
 * Fields by name; a field of an unnamed structure inside by its path ("Parameters.Create.Options"). The
 * fields of a structure that has a name are in its own layout.
 */
export interface StructureLayout {
  readonly size: number;
  readonly fields: Readonly<Record<string, FieldLayout>>;
}

export type Layouts = Readonly<Record<string, StructureLayout>>;
