// Test files that run side by side must not share a Wine target: each lane of the runner gets a folder of
// its own in the shared one, where what the files before it in the lane prepared is found again. Compiled
// objects, which are kept by the hash of all that goes into them, are every lane's.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const shared = process.env['FLTLAB_TEST_DATA'];
if (shared !== undefined) {
  const lane = join(shared, `lane-${process.env['VITEST_POOL_ID'] ?? '1'}`);
  const objects = join(shared, 'objects');
  for (const folder of [lane, objects]) mkdirSync(folder, { recursive: true });
  const link = join(lane, 'objects');
  if (!existsSync(link)) symlinkSync(objects, link, 'junction');
  process.env['FLTLAB_TEST_DATA'] = lane;
}
