// Goal: the places that the driver room writes to are those of the headers that drivers are compiled
// with. Method: each hand-written table is held against the generated one, field by field.
import { describe, expect, test } from 'vitest';
import * as room from '../layout.ts';
import type { Layouts } from './layout.ts';
import { layouts } from './layouts.generated.ts';

const table: Layouts = layouts;

const named = [
  [room.CallbackDataLayout, 'FLT_CALLBACK_DATA'],
  [room.IopbLayout, 'FLT_IO_PARAMETER_BLOCK'],
  [room.RelatedObjectsLayout, 'FLT_RELATED_OBJECTS'],
  [room.RegistrationLayout, 'FLT_REGISTRATION'],
  [room.OperationRegistrationLayout, 'FLT_OPERATION_REGISTRATION'],
  [room.ContextRegistrationLayout, 'FLT_CONTEXT_REGISTRATION'],
  [room.FileNameInformationLayout, 'FLT_FILE_NAME_INFORMATION'],
  [room.FileObjectLayout, 'FILE_OBJECT'],
  [room.StringLayout, 'UNICODE_STRING'],
  [room.DriverObjectLayout, 'DRIVER_OBJECT'],
  [room.MdlLayout, 'MDL'],
  [room.SecurityContextLayout, 'IO_SECURITY_CONTEXT'],
  [room.DispatcherLayout, 'DISPATCHER_HEADER'],
] as const;

/** Offset of a field; of IoStatus the room knows the two halves by their own names. */
function offsetOf(structure: string, field: string): number | undefined {
  const fields = table[structure]?.fields;
  const halves: Readonly<Record<string, number>> = { Status: 0, Information: 4 };
  const half = halves[field];
  const outer = fields?.['IoStatus'];
  if (half !== undefined && outer !== undefined) return outer[0] + half;
  return fields?.[field]?.[0];
}

describe.each(named)('table %#', (written, structure) => {
  test(structure, () => {
    const { length, ...fields } = written;
    const generated = Object.fromEntries(
      Object.keys(fields).map((field) => [field, offsetOf(structure, field)]),
    );
    expect({ length, ...fields }).toEqual({ length: table[structure]?.size, ...generated });
  });
});

test('every table of the room is held', () => {
  expect(named.map(([written]) => written)).toEqual(
    expect.arrayContaining(Object.values(room).filter((value) => typeof value === 'object')),
  );
});
