// Goal: controls of files and of the volume itself answer as Windows does.
// Method: steps through NtFsControlFile, each with the status that it returns.
import { expect, test } from 'vitest';
import { describeSteps } from '../testing/describeSteps.ts';
import { runSteps } from '../testing/runSteps.ts';
import { close, create, type Step } from '../testing/steps.ts';

const DISMOUNTED = 'STATUS_VOLUME_DISMOUNTED';
const VOLUME = { volumeItself: true, access: 'GENERIC_READ|SYNCHRONIZE' };
const SYNCHRONOUS = { options: 'SYNCHRONOUS_IO_NONALERT', access: 'MAXIMUM_ALLOWED|SYNCHRONIZE' };

const control = (
  handle: string,
  code: string,
  length: number,
  status = 'STATUS_SUCCESS',
): Step => ({
  do: 'fsctl',
  handle,
  code: `FSCTL_${code}`,
  length,
  expect: { status },
});
const volume = (as: string): Step => ({
  do: 'create',
  path: '',
  as,
  share: 'R|W',
  ...VOLUME,
  expect: { status: 'STATUS_SUCCESS' },
});

describeSteps({
  'object ids': [
    [
      'there is none until somebody asks for one',
      create('D\\f', 'f'),
      control('f', 'GET_OBJECT_ID', 64, 'STATUS_OBJECTID_NOT_FOUND'),
      control('f', 'CREATE_OR_GET_OBJECT_ID', 64),
      control('f', 'GET_OBJECT_ID', 64),
      control('f', 'DELETE_OBJECT_ID', 0),
      control('f', 'GET_OBJECT_ID', 64, 'STATUS_OBJECTID_NOT_FOUND'),
    ],
    [
      'the buffer holds the whole structure or nothing',
      create('D\\f', 'f'),
      control('f', 'CREATE_OR_GET_OBJECT_ID', 63, 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'who may only read does not take it away',
      create('D\\f', 'f', { access: 'READ_DATA' }),
      control('f', 'DELETE_OBJECT_ID', 0, 'STATUS_ACCESS_DENIED'),
    ],
  ],
  'a dismount (R-NOTIFY-51)': [
    [
      'is asked for on the volume itself',
      create('D\\f', 'f'),
      control('f', 'DISMOUNT_VOLUME', 0, 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'leaves nothing but closing to the handles',
      create('D\\f', 'f', SYNCHRONOUS),
      volume('v'),
      control('v', 'DISMOUNT_VOLUME', 0),
      { do: 'write', handle: 'f', data: { text: 'x' }, expect: { status: DISMOUNTED } },
      { do: 'query-directory', handle: 'f', expect: { status: DISMOUNTED } },
      close('f'),
      close('v'),
    ],
  ],
});

test.each([
  ['reading the volume', [{ do: 'read', handle: 'v', length: 512, offset: 0 }], 'IRP_MJ_READ'],
  [
    'opening a file after the dismount',
    [control('v', 'DISMOUNT_VOLUME', 0), create('D\\f', 'f')],
    'mounted again',
  ],
] as const)('%s is refused by name', async (_title, steps, name) => {
  const { notModelled } = await runSteps([volume('v'), ...steps], { setup: [{ mkdir: 'D' }] });
  expect(notModelled).toContain(name);
});
