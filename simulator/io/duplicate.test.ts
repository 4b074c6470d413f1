// Goal: a duplicated handle is another way to the same open file; a file id names a file without a path.
// Method: tables of workload steps, each with the status that it has to return.
import { describeSteps } from '../file-system/testing/describeSteps.ts';
import { close, create, dispose, expectOpen, open, write } from '../file-system/testing/steps.ts';

type Status = `STATUS_${string}`;

const duplicates = (handle: string, as: string, status: Status = 'STATUS_SUCCESS'): object => ({
  do: 'duplicate',
  handle,
  as,
  expect: { status },
});
const byId = (id: string, as: string, more: object = {}, status: Status = 'STATUS_SUCCESS') =>
  open('', as, { byId: id, root: 'd', ...more }, status);
const alone = { share: '' };

describeSteps({
  'a duplicated handle': [
    [
      'keeps the file open',
      create('D\\f', 'h', alone),
      duplicates('h', 'h2'),
      close('h'),
      expectOpen('D\\f', 'STATUS_SUCCESS'),
      open('D\\f', 'x', {}, 'STATUS_SHARING_VIOLATION'),
      close('h2'),
      open('D\\f', 'x'),
    ],
    [
      'has the same access',
      create('D\\f', 'c'),
      open('D\\f', 'h', { access: 'FILE_READ_DATA' }),
      duplicates('h', 'h2'),
      write('h2', 'x', 0, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'deletes at the last of them',
      create('D\\f', 'h', { options: 'DELETE_ON_CLOSE' }),
      duplicates('h', 'h2'),
      close('h'),

      close('h2'),
      expectOpen('D\\f', 'STATUS_OBJECT_NAME_NOT_FOUND'),
    ],
    [
      'marks for both',
      create('D\\f', 'h'),
      duplicates('h', 'h2'),
      dispose('h2'),
      close('h2'),
      expectOpen('D\\f', 'STATUS_DELETE_PENDING'),
    ],
    [
      'of a handle that is closed',
      create('D\\f', 'h'),
      close('h'),
      duplicates('h', 'h2', 'STATUS_INVALID_HANDLE'),
    ],
  ],
  'an open by file id': [
    ['of a file that is open', open('D', 'd'), create('D\\f', 'h'), byId('h', 'x')],
    [
      'without a root',
      create('D\\f', 'h'),
      open('', 'x', { byId: 'h' }, 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'of an id that no file has',
      open('D', 'd'),
      byId('12345', 'x', {}, 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'to make a file',
      open('D', 'd'),
      create('D\\f', 'h'),
      byId('h', 'x', { disposition: 'CREATE' }, 'STATUS_OBJECT_NAME_COLLISION'),
    ],
    [
      'as a directory',
      open('D', 'd'),
      create('D\\f', 'h'),
      byId('h', 'x', { options: 'DIRECTORY_FILE' }, 'STATUS_NOT_A_DIRECTORY'),
    ],
    [
      'against its sharing',
      open('D', 'd'),
      create('D\\f', 'h', alone),
      byId('h', 'x', {}, 'STATUS_SHARING_VIOLATION'),
    ],
  ],
});
