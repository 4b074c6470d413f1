// A kept run as a report shows it: of a long comparison only the rows that speak are read.
import { join } from 'node:path';
import type { Run } from '../../contract/run.ts';
import { shortened } from './reportable.ts';
import { ROWS_TOGETHER_MAX, RowsFile } from './rowsFile.ts';
import { findRunFolder, readRun, runFiles } from './store.ts';

/** Errors: `run.not-found`, `file.invalid`, `file.newer-version`. */
export async function loadReportable(dataFolder: string, id: string): Promise<Run> {
  const folder = await findRunFolder(dataFolder, id);
  const run = await readRun(join(folder, runFiles.run));
  if (run.comparison.rowsApart !== true) return run;
  const rows = await RowsFile.open(folder);
  try {
    const { offsets, speaking } = rows.index;
    const shown = await rows.read([...speaking.subarray(0, ROWS_TOGETHER_MAX)]);
    return shortened(run, shown, offsets.length - 1, speaking.length);
  } finally {
    await rows.close();
  }
}
