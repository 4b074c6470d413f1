// The workbench's own files: drivers being edited, and runs that travel as files.
import type { ErrorEntry } from './labError.ts';

export const workspaceErrors = {
  'workspace.file-changed-outside': {
    whose: 'usage',
    meaning: 'Another program changed the file since it was read; saving would undo that.',
  },
  'workspace.folder-gone': {
    whose: 'your lab',
    meaning:
      'The folder of a driver that was opened is not there now: moved, or on a disk that is gone.',
  },
  'workspace.not-saved': {
    whose: 'your lab',
    meaning: 'A file could not be written: no space, no permission, or its disk is gone.',
  },
  'workspace.read-only': {
    whose: 'usage',
    meaning: 'The samples of FltLab itself are not written to; a copy can be edited.',
  },
  'workspace.not-trusted': {
    whose: 'usage',
    meaning: 'The folder comes from elsewhere and may only be edited and simulated until trusted.',
  },
  'workspace.name-taken': { whose: 'usage', meaning: 'There is a driver of that name already.' },
  'workspace.no-driver': {
    whose: 'usage',
    meaning: 'The folder holds no C source, so no minifilter can be proposed for it.',
  },
  'comparison.closed': {
    whose: 'usage',
    meaning: 'The comparison was opened too long ago and is no longer kept; open it again.',
  },
  'run.bundle-invalid': {
    whose: 'usage',
    meaning: 'A file of an exported run is damaged, too large, or of another kind.',
  },
} as const satisfies Record<string, ErrorEntry>;
