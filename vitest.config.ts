import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// One runner for every floor. A test that needs Wine, sshd, clang or Chromium lives beside the code
// that needs it and ends in `.real.test.ts`. First come those that run in this process alone, then those
// that only compute (compilers and simulations, minutes of them), then the real ones, then those that
// measure, one by one.
const shared = {
  environment: 'node',
  testTimeout: 60_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 30_000 } },
} as const;
const computing = [
  'lab/{predict,debugger,compile}/**/*.real.test.ts',
  'lab/build/debianClang.real.test.ts',
  'scripts/{dirnotify,passthrough}.real.test.ts',
  'scripts/headers/**/*.real.test.ts',
];
// Rates and ratios are true only on a machine that does nothing else.
const measuring = ['lab/ssh/throughput.real.test.ts', 'lab/kd/session/session.real.test.ts'];
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
          // They mostly wait: for Wine, for a guest, for a browser. Two at a time, each lane with a data
          // folder and a Wine of its own.
          maxWorkers: 2,
          setupFiles: ['scripts/testing/ownDataFolder.ts'],
          include: ['{agent,lab,cli,e2e,scripts}/**/*.real.test.ts'],
          exclude: [...ignored, ...computing, ...measuring],
          testTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...shared,
          name: 'measuring',
          fileParallelism: false,
          include: measuring,
          exclude: ignored,
          testTimeout: 300_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
