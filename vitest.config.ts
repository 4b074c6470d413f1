import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// One runner for every floor. A test that needs Wine, sshd, clang or Chromium lives beside the code
// that needs it and ends in `.real.test.ts`: those run one file at a time, the rest in parallel. Between
// the two stand those that only compute: compilers and simulations, minutes of them, side by side.
const shared = { environment: 'node', testTimeout: 60_000, hookTimeout: 240_000 } as const;
const computing = [
  'lab/{predict,debugger,compile}/**/*.real.test.ts',
  'lab/build/debianClang.real.test.ts',
  'scripts/{dirnotify,passthrough}.real.test.ts',
  'scripts/headers/**/*.real.test.ts',
];
const ignored = ['node_modules/**', 'out/**', 'dist/**'];

export default defineConfig({
  test: {
    // One for each core: the process that only reports does little.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          maxWorkers: availableParallelism(),
          include: ['{contract,simulator,agent,lab,cli,renderer,scripts}/**/*.test.ts'],
          exclude: [...ignored, '**/*.real.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'compute',
          maxWorkers: availableParallelism(),
          include: computing,
          exclude: ignored,
          testTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'real',
          include: ['{agent,lab,cli,e2e,scripts}/**/*.real.test.ts'],
          exclude: [...ignored, ...computing],
          testTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
