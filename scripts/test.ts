// `npm test`: provides what tests need, runs the checks and every test, sums the runners' own results
// into one closing line, and leaves no process behind.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILT, buildPart } from './builtProduct.ts';
import { strayProcesses, stopProcesses } from './strayProcesses.ts';
import { projectRoot, run, runTool } from './programs.ts';
import { provideSystemPackages } from './systemPackages.ts';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** Every process that a test starts inherits this, so that one left behind can be found. */
const MARK = 'FLTLAB_TEST_RUN';

const scratch = mkdtempSync(join(tmpdir(), 'fltlab-test-'));
const mark = scratch;
provideSystemPackages();

const checked = await run(process.execPath, [join(projectRoot, 'scripts', 'check.ts')]);
await buildPart('command line');
await buildPart('workbench');
const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
const tested = await runVitest();

const left = strayProcesses(MARK, mark);
if (left.length > 0) {
  console.log(`Processes left behind by tests: ${left.map((one) => one.command).join('; ')}`);
  await stopProcesses(left);
}
rmSync(scratch, { recursive: true, force: true });

const steps = [checked.code, tested, left.length];
process.exitCode = steps.every((code) => code === 0) && totals.failed === 0 ? 0 : 1;
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);

async function runVitest(): Promise<number> {
  const report = join(scratch, 'vitest.json');
  const data = join(scratch, 'data');
  const { code } = await runTool(
    'vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    // No test touches the data of whoever runs it.
    { env: { [MARK]: mark, FLTLAB_TEST_DATA: data, FLTLAB_DATA: data, [BUILT]: '1' } },
  );
  addVitest(report);
  return code;
}

function addVitest(report: string): void {
  const result = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  };
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests;
  totals.skipped += result.numPendingTests + result.numTodoTests;
}
