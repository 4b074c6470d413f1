// Goal: the sample's two variants show on each Windows what semantics of directory notification say:
// the seed's transcript on Windows 7, why it cannot work before, and what the wrong address costs.
// Method: the sample as it stands, its own workloads; a row is what the reader must see.
import { afterAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../contract/finding.ts';
import type { Prediction } from '../../contract/prediction.ts';
import { profileNames, type ProfileName } from '../../contract/profiles.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../samples/samples.ts';
import { disposePredictor, predict, predictTimed } from './index.ts';

afterAll(disposePredictor);

interface Asked {
  readonly variant: 'new-system-buffer' | 'user-buffer';
  readonly workload: string;
  readonly profile: ProfileName;
  readonly seed?: number;
  readonly callbacksCalled?: boolean;
}

async function ask({ variant, workload, profile, seed = 0, callbacksCalled = true }: Asked) {
  const sample = await loadSample('dirnotify');
  const chosen = pickVariant(sample, variant);
  const { expanded } = await loadWorkload(sample, chosen, workload);
  return predict({ sample, variant: chosen, workload: expanded, profile, seed, callbacksCalled });
}

type PostOperation = Extract<TraceEvent, { kind: 'post-operation' }>;
const postsOf = (prediction: Prediction): PostOperation[] =>
  prediction.events.flatMap((event) =>
    event.kind === 'post-operation' && event.filter === 'dirnotify' ? [event] : [],
  );
const flagsOf = (post: PostOperation): string => `0x${post.flags.toString(16).padStart(8, '0')}`;
const told = ({ findings }: Prediction): string[] =>
  findings.map(({ id, file, line }) => `${id} ${file ?? '?'}:${line === undefined ? '?' : 'line'}`);
const bytesToCallers = (prediction: Prediction): string =>
  prediction.events
    .flatMap((event) => (event.kind === 'completion' ? [event.bytes] : []))
    .join(' ');
/** "hid." as it would lie in a buffer, in either case. */
const HIDDEN = /(68|48)00(69|49)00(64|44)002e00/;

const newSystemBuffer = profileNames.filter(
  (name) => !['winxp', 'win2003', 'vista'].includes(name),
);
const before = ['winxp', 'win2003', 'vista'] as const;
/** Workloads whose requests wait for their changes. */
const pended = ['other-process', 'own-process', 'lifecycle'] as const;
const workloads = [...pended, 'buffered'] as const;

describe.each(newSystemBuffer)('new-system-buffer on %s', (profile) => {
  test.each(workloads)('%s: as its author expects, without a finding', async (workload) => {
    const prediction = await ask({ variant: 'new-system-buffer', workload, profile });
    expect(prediction.outcome).toBe('completed');
    expect(prediction.findings).toEqual([]);
    expect(prediction.expectations).toEqual([]);
    expect(bytesToCallers(prediction)).not.toMatch(HIDDEN);
  });
});

test('win7: the post-operation of the transcript (R-NOTIFY-54…59, 65)', async () => {
  const prediction = await ask({
    variant: 'new-system-buffer',
    workload: 'other-process',
    profile: 'win7',
  });
  const [foo, hidden] = postsOf(prediction);
  expect(foo).toMatchObject({
    major: 'IRP_MJ_DIRECTORY_CONTROL',
    minor: 2,
    irpFlags: 0x60000,
    operationFlags: 0,
    status: 0,
    information: 0x12,
    draining: false,
    thread: 'editor/changer',
    actor: 'changer',
    parameters: {
      Length: 0x800,
      CompletionFilter: 0x15,
      Spare1: 0,
      Spare2: 0,
      DirectoryBuffer: expect.stringMatching(/^0x00[0-9a-f]{6}$/),
      MdlAddress: null,
    },
    rules: ['R-NOTIFY-57', 'R-NOTIFY-59'],
  });
  expect(flagsOf(foo as PostOperation)).toBe('0x00180001');
  expect(foo).not.toHaveProperty('statusAfter');
  // Nothing is left of the second: STATUS_NOTIFY_ENUM_DIR with no bytes.
  expect(hidden).toMatchObject({ status: 0, statusAfter: 0x10c, informationAfter: 0 });
  const asked = prediction.events.find(
    (event) => event.kind === 'driver-call' && event.routine === 'FltGetNewSystemBufferAddress',
  );
  expect(asked).toMatchObject({
    result: expect.stringMatching(/^0x01/),
    at: { file: 'newSystemBuffer.c' },
  });
  // Its neighbour below saw the same parameters, before it.
  const all = prediction.events.filter((event) => event.kind === 'post-operation');
  expect(all.slice(0, 2).map(({ filter }) => filter)).toEqual(['FileInfo', 'dirnotify']);
  expect(all[0]?.parameters).toEqual(foo?.parameters);
});

describe.each(before)('new-system-buffer on %s', (profile) => {
  test.each(pended)('%s: loads, hides nothing, and says at the line why', async (workload) => {
    const prediction = await ask({ variant: 'new-system-buffer', workload, profile });
    expect(prediction.outcome).toBe('completed');
    expect(told(prediction)).toEqual(['data-not-reachable newSystemBuffer.c:line']);
    const [finding] = prediction.findings as [Finding];
    expect(finding.rules).toEqual(['R-NOTIFY-57', 'R-NOTIFY-58', 'R-NOTIFY-60']);
    const calls = finding.stack.map((place) => place.function);
    expect(calls).toEqual([
      'DirNotifyPostDirectoryControl',
      'DirNotifyInitializeVariant',
      'DriverEntry',
    ]);
    for (const post of postsOf(prediction)) expect(flagsOf(post)).toMatch(/^0x000[8c]0001$/);
    expect(prediction.expectations.length).toBeGreaterThan(0);
    expect(bytesToCallers(prediction)).toMatch(HIDDEN);
  });
});

test.each(before)('new-system-buffer on %s, buffered: nothing hidden either', async (profile) => {
  const asked = { variant: 'new-system-buffer', workload: 'buffered', profile } as const;
  const prediction = await ask(asked);
  expect(prediction.outcome).toBe('completed');
  // There was no new system buffer: the entries went straight to the caller (R-NOTIFY-56).
  expect(prediction.findings).toEqual([]);
  expect(bytesToCallers(prediction)).toMatch(HIDDEN);
});

describe.each(['winxp', 'win7', 'win11'] as const)('user-buffer on %s', (profile) => {
  test('another process makes the change: wrong process, at the line, then a bug check', async () => {
    const prediction = await ask({ variant: 'user-buffer', workload: 'other-process', profile });
    expect(prediction.outcome).toBe('bugcheck');
    expect(prediction.bugcheck).toMatchObject({ code: 0x8e });
    expect(prediction.bugcheck?.parameters[0]).toBe('0xc0000005');
    expect(told(prediction)).toEqual(['user-address-wrong-process notifyEntries.c:line']);
    const [finding] = prediction.findings as [Finding];
    expect(finding.stack.at(-1)).toMatchObject({
      file: 'userBuffer.c',
      function: 'DirNotifyPostDirectoryControl',
    });
    expect(finding.rules).toEqual(['R-NOTIFY-54', 'R-IO-21']);
  });

  test("the caller's own process: stale bytes, and what was hidden reaches the caller", async () => {
    const prediction = await ask({ variant: 'user-buffer', workload: 'own-process', profile });
    expect(prediction.outcome).toBe('completed');
    expect(new Set(told(prediction))).toEqual(new Set(['stale-user-buffer notifyEntries.c:line']));
    expect(prediction.expectations.length).toBeGreaterThan(0);
  });

  test('what was buffered comes inline: right, and told to be luck (R-NOTIFY-56)', async () => {
    const prediction = await ask({ variant: 'user-buffer', workload: 'buffered', profile });
    expect(prediction.outcome).toBe('completed');
    expect(new Set(told(prediction))).toEqual(new Set(['only-by-luck notifyEntries.c:line']));
    expect(prediction.expectations).toEqual([]);
  });
});

describe('what holds for every prediction', () => {
  test('loaded, not called: DriverEntry runs and nothing is hidden, as on a Wine target', async () => {
    const prediction = await ask({
      variant: 'new-system-buffer',
      workload: 'other-process',
      profile: 'win10',
      callbacksCalled: false,
    });
    expect(prediction.outcome).toBe('completed');
    expect(postsOf(prediction)).toEqual([]);
    expect(prediction.findings).toEqual([]);
    const loads = prediction.events.filter((event) => event.kind === 'driver');
    expect(loads.map(({ phase, status }) => `${phase} ${ntStatusName(status)}`)).toEqual([
      'load STATUS_SUCCESS',
      'unload STATUS_SUCCESS',
    ]);
  });

  test.each([0, 1, 42])('seed %i twice: the same bytes', async (seed) => {
    const asked = {
      variant: 'user-buffer',
      workload: 'own-process',
      profile: 'win7',
      seed,
    } as const;
    const first = JSON.stringify(await ask(asked));
    await disposePredictor(); // Nothing may come from what is kept.
    expect(JSON.stringify(await ask(asked))).toBe(first);
  });

  test('line coverage of the sample, and of nothing else', async () => {
    const { coverage } = await ask({
      variant: 'new-system-buffer',
      workload: 'other-process',
      profile: 'win7',
    });
    const files = coverage.map(({ file }) => file);
    expect(files).toEqual(['dirnotify.c', 'notifyEntries.c', 'newSystemBuffer.c']);
    for (const { lines } of coverage) {
      expect(lines.some(([, count]) => count > 0)).toBe(true);
    }
  });

  test('an edit is predicted within a second, once the compiler is warm', async () => {
    const sample = await loadSample('dirnotify');
    const variant = pickVariant(sample, 'new-system-buffer');
    const { expanded } = await loadWorkload(sample, variant, 'other-process');
    const input = { sample, variant, workload: expanded, profile: 'win7', seed: 0 } as const;
    await predictTimed(input);
    const text = `${'#include "dirnotify.h"\n'}#error edited\n`;
    const edited = [{ path: 'userBuffer.c', text }];
    await expect(predictTimed({ ...input, edited })).rejects.toMatchObject({
      code: 'compile.failed',
    });
    const empty = [{ path: 'userBuffer.c', text: '#include "dirnotify.h"\n' }];
    const { timings, prediction } = await predictTimed({ ...input, edited: empty });
    expect(prediction.outcome).toBe('completed');
    // The promise is one second on the machine of the lab; other work shares this one.
    expect(timings.compile_ms + timings.simulate_ms).toBeLessThan(4_000);
  });
});
