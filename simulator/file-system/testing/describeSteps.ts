// For tests: groups of rows, each a title and the steps that have to return what is written beside
// them, on a volume with an empty directory "D".
import { describe, expect, test } from 'vitest';
import { runSteps } from './runSteps.ts';
import type { Step } from './steps.ts';

type Rows = readonly (readonly [title: string, ...steps: Step[]])[];

export function describeSteps(groups: Readonly<Record<string, Rows>>): void {
  describe.each(Object.entries(groups))('%s', (_group, rows) => {
    const named = rows.map(([title, ...steps]) => ({ title, steps: steps as readonly Step[] }));
    test.each(named)('$title', async ({ steps }) => {
      const run = await runSteps(steps, { setup: [{ mkdir: 'D' }] });
      expect(run).toMatchObject({ misses: [], notModelled: null });
    });
  });
}
