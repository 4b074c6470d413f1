// Goal: every sample goes the whole way from its C to a verdict on the Wine target: it builds, its
// service reaches RUNNING, and what can be observed there agrees with what was predicted for there.
// Method: the built program, each sample with its first variant and that variant's workload.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sampleNames } from '../lab/samples/samples.ts';
import { leftBehind, openLab, toRun, type TestLab } from './testing/lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(async () => expect(await lab?.dispose()).toEqual([]));
beforeEach((context) => lab.require(context, toRun));

// Wine's fltmgr.sys has communication ports by name only, and the observer is nothing without one.
const portsNeeded = 'observer';
const loadable = (await sampleNames()).filter((name) => name !== portsNeeded);

test.each(loadable)('%s', async (name) => {
  await lab.addWine();
  const { code, object, err } = await lab.fltlab.json(['run', name, '--target', 'wine']);
  expect([code, object], err).toMatchObject([
    0,
    { verdict: 'agrees', driver: { reached: 'RUNNING' } },
  ]);
  const { driver } = object as { driver: { service: string } };
  expect(await leftBehind(lab, driver.service)).toEqual([]);
});

test(`${portsNeeded} is refused by what Wine lacks, and nothing of it stays`, async () => {
  await lab.addWine();
  const { code, object, err } = await lab.fltlab.json(['run', portsNeeded, '--target', 'wine']);
  expect([code, object], err).toMatchObject([3, { error: { code: 'deploy.load-failed' } }]);
  expect(await leftBehind(lab, portsNeeded)).toEqual([]);
});
