// Test files that run side by side must not share a Wine target: each lane of the runner gets a folder of
// its own in the shared one, where what the files before it in the lane prepared is found again.
import { join } from 'node:path';

const shared = process.env['FLTLAB_TEST_DATA'];
const lane = process.env['VITEST_POOL_ID'] ?? '1';
if (shared !== undefined) process.env['FLTLAB_TEST_DATA'] = join(shared, `lane-${lane}`);
