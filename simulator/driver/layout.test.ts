// Goal: the generated offsets are those that 32-bit Windows has: the ones that the transcripts which the
// lab grew from confirm (Windows XP SP3 and 7), and the public structures around them.
import { expect, test } from 'vitest';
import * as layout from './layout.ts';

const rows = [
  ['FLT_CALLBACK_DATA.Flags', layout.CallbackDataLayout.Flags, 0x0],
  ['FLT_CALLBACK_DATA.Thread', layout.CallbackDataLayout.Thread, 0x4],
  ['FLT_CALLBACK_DATA.Iopb', layout.CallbackDataLayout.Iopb, 0x8],
  ['FLT_CALLBACK_DATA.IoStatus', layout.CallbackDataLayout.IoStatus, 0xc],
  ['FLT_CALLBACK_DATA.TagData', layout.CallbackDataLayout.TagData, 0x14],
  ['FLT_CALLBACK_DATA.FilterContext', layout.CallbackDataLayout.FilterContext, 0x18],
  ['FLT_CALLBACK_DATA.RequestorMode', layout.CallbackDataLayout.RequestorMode, 0x28],
  // The working parameter block follows directly in the seed's transcript.
  ['sizeof FLT_CALLBACK_DATA', layout.CallbackDataLayout.length, 0x2c],
  ['FLT_IO_PARAMETER_BLOCK.MajorFunction', layout.IopbLayout.MajorFunction, 0x4],
  ['FLT_IO_PARAMETER_BLOCK.TargetInstance', layout.IopbLayout.TargetInstance, 0xc],
  ['FLT_IO_PARAMETER_BLOCK.Parameters', layout.IopbLayout.Parameters, 0x10],
  ['sizeof FLT_IO_PARAMETER_BLOCK', layout.IopbLayout.length, 0x2c],
  ['sizeof FLT_RELATED_OBJECTS', layout.RelatedObjectsLayout.length, 0x18],
  ['sizeof FLT_OPERATION_REGISTRATION', layout.OperationRegistrationLayout.length, 0x14],
  ['FLT_REGISTRATION.FilterUnloadCallback', layout.RegistrationLayout.FilterUnloadCallback, 0x10],
  ['FILE_OBJECT.Flags', layout.FileObjectLayout.Flags, 0x2c],
  ['FILE_OBJECT.FileName', layout.FileObjectLayout.FileName, 0x30],
  ['sizeof FILE_OBJECT', layout.FileObjectLayout.length, 0x80],
  ['sizeof DRIVER_OBJECT', layout.DriverObjectLayout.length, 0xa8],
  ['MDL.MappedSystemVa', layout.MdlLayout.MappedSystemVa, 0xc],
  ['sizeof MDL', layout.MdlLayout.length, 0x1c],
] as const;

test.each(rows)('%s', (_name, offset, expected) => {
  expect(offset).toBe(expected);
});

const notify = [
  ['Length', 0x0],
  ['CompletionFilter', 0x4],
  ['Spare1', 0x8],
  ['Spare2', 0xc],
  ['DirectoryBuffer', 0x10],
  ['MdlAddress', 0x14],
] as const;

test.each(notify)('NotifyDirectory.%s, as the debugger shows it', (field, expected) => {
  const path = `DirectoryControl.NotifyDirectory.${field}` as const;
  expect(layout.offsetOf('FLT_PARAMETERS', path)).toBe(expected);
});
