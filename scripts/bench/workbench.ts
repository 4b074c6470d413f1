// The workbench in a browser, against a real lab: how soon it can be used, how typing feels while it
// predicts, how much text a debugger may print, and whether memory stays. Chromium of this machine; each
// figure says how it was measured.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import {
  CHROMIUM,
  openFile,
  openWorkbench,
  type OpenWorkbench,
} from '../../e2e/testing/workbench.ts';
import type { ComparisonRow } from '../../contract/comparison.ts';
import { exampleRun } from '../../lab/report/testing/exampleRun.ts';
import { keepRun } from '../../lab/run/store.ts';
import { predictionFormat } from '../../contract/prediction.ts';
import { formatTrace } from '../../contract/trace.ts';
import { printTimes, type TimedRow } from './figures.ts';

const STARTS = 5;
const KEYS = 120;
const EDITS = 12;
const ROWS = 1_000_000;
const TEXT_MB = 50;
const ROUNDS = 40;

export async function benchWorkbench(): Promise<boolean> {
  if (!existsSync(CHROMIUM)) {
    console.log(`The workbench was not measured: there is no ${CHROMIUM}.`);
    return true;
  }
  const dataFolder = await mkdtemp(join(tmpdir(), 'fltlab-bench-'));
  await keepLongRun(dataFolder);
  const workbench = await openWorkbench(dataFolder);
  try {
    const first = await open(workbench);
    await first.context().close();
    let kept = true;
    // Each part is told as it ends: what fails later takes no figure with it.
    const tell = (title: string, rows: readonly TimedRow[]): void => {
      kept = printTimes(`The workbench in Chromium: ${title} (${loadNow()})`, rows) && kept;
    };
    tell(`${STARTS} starts`, await measureStarts(workbench));
    const page = await open(workbench);
    tell(`${KEYS} keys, ${EDITS} edits`, await measureTyping(page));
    tell(`${ROWS} rows`, await measureRows(page));
    tell(`${TEXT_MB} MB of text`, await measureText(page));
    tell(`${ROUNDS} rounds`, await measureHeap(page));
    return kept;
  } finally {
    await workbench.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** Times of a machine that does much else are times of what else it does. */
const loadNow = (): string => {
  const [load = 0] = loadavg();
  return `load ${load.toFixed(1)} on ${availableParallelism()} processors`;
};

const open = (workbench: OpenWorkbench): Promise<Page> =>
  workbench.page({ colorScheme: 'light', width: 1280, height: 800 });

/** From the navigation to the shell and to the first line of the editor, by the page's own clock. */
async function measureStarts(workbench: OpenWorkbench): Promise<TimedRow[]> {
  const shell: number[] = [];
  const editor: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const context = await workbench.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(workbench.address);
    await page.getByRole('contentinfo', { name: 'Status' }).waitFor();
    shell.push(await page.evaluate<number>('performance.now()'));
    await page.locator('.monaco-editor .view-line').first().waitFor();
    editor.push(await page.evaluate<number>('performance.now()'));
    await context.close();
  }
  return [
    { what: 'navigation → shell usable', values_ms: shell, limit_ms: 1_500 },
    { what: 'navigation → first line of the editor', values_ms: editor, limit_ms: 2_500 },
  ];
}

/**
 * Work of the main thread between a key and its pixels: the key's own task, then the frame from its first
 * callback until after paint. Waiting for the display's clock is not work and not counted.
 */
const TYPING_PROBE = `(() => {
  const times = []; globalThis.typingTimes = times;
  addEventListener('keydown', () => {
    const began = performance.now(); let key = 0;
    const task = new MessageChannel();
    task.port1.onmessage = () => { key = performance.now() - began; };
    task.port2.postMessage(0);
    requestAnimationFrame(() => {
      const frame = performance.now(); const after = new MessageChannel();
      after.port1.onmessage = () => times.push(Math.max(0, key) + performance.now() - frame);
      after.port2.postMessage(0);
    });
  }, { capture: true });
})()`;

/** From the last key of an edit until the prediction of it stands: the pause that is waited is in it. */
const EDIT_PROBE = `new Promise((resolve) => {
  const pane = document.querySelector('section[aria-label="Results"]');
  let began = performance.now(); let worked = false;
  const key = () => { began = performance.now(); };
  addEventListener('keydown', key, { capture: true });
  const look = () => {
    if (pane.getAttribute('aria-busy') === 'true') worked = true;
    else if (worked) {
      observer.disconnect(); removeEventListener('keydown', key, { capture: true });
      resolve(performance.now() - began);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(pane, { attributes: true });
})`;

async function measureTyping(page: Page): Promise<TimedRow[]> {
  await openFile(page, 'newSystemBuffer.c');
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n// ');
  await page.evaluate(TYPING_PROBE);
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.type('abcdefghij'[key % 10] ?? 'x');
    // As fast as people type, so that predictions come in between.
    await page.waitForTimeout(60);
  }
  const typing = await page.evaluate<number[]>('globalThis.typingTimes');
  const edits: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    // What the edit before set going has ended.
    await page.locator('section[aria-label="Results"][aria-busy="false"]').waitFor();
    await page.waitForTimeout(400);
    await page.locator('section[aria-label="Results"][aria-busy="false"]').waitFor();
    const took = page.evaluate<number>(EDIT_PROBE);
    await page.keyboard.type(`\n// ${edit} ${Date.now()}`);
    edits.push(await took);
  }
  return [
    { what: 'key → pixels while it predicts (main thread)', values_ms: typing, limit_ms: 16 },
    { what: 'edit → prediction, the pause of 250 ms included', values_ms: edits, limit_ms: 1_000 },
  ];
}

/** Gaps between frames while `work` goes on, in milliseconds. */
async function frames(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(`(() => {
    const gaps = []; let last = performance.now(); globalThis.frameGaps = gaps; globalThis.watchFrames = true;
    const tick = () => { const now = performance.now(); gaps.push(now - last); last = now;
      if (globalThis.watchFrames) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  })()`);
  await work();
  return page.evaluate<number[]>('(globalThis.watchFrames = false, globalThis.frameGaps)');
}

async function measureRows(page: Page): Promise<TimedRow[]> {
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  const run = page.getByRole('list', { name: 'Kept runs' }).getByRole('button').first();
  await run.waitFor();
  const began = performance.now();
  await run.click();
  await page
    .getByRole('option', { name: /step-0 / })
    .first()
    .waitFor();
  const opened = performance.now() - began;
  // The work of each frame, by the browser's own trace of long frames, needs a display: gaps are taken.
  const gaps = await frames(page, () =>
    page.evaluate(`new Promise((done) => {
      const list = document.querySelector('[role=listbox][aria-label=Comparison]');
      let step = 0;
      const scroll = () => { list.scrollTop += 400; step += 1;
        if (step < 240) requestAnimationFrame(scroll); else done(); };
      scroll();
    })`),
  );
  return [
    { what: `${ROWS} rows: click → first rows`, values_ms: [opened], limit_ms: 2_000 },
    { what: `${ROWS} rows: gap between frames while scrolling`, values_ms: gaps, limit_ms: 17.5 },
  ];
}

async function measureText(page: Page): Promise<TimedRow[]> {
  await page.getByRole('tab', { name: 'Simulated debugger' }).click();
  await page.locator('.xterm-rows').getByText('kd>').first().waitFor({ timeout: 120_000 });
  let took = 0;
  const gaps = await frames(page, async () => {
    took = await page.evaluate<number>(`(async () => {
      const line = 'FltLab dirnotify+0x1a2 (newSystemBuffer.c:135) Data 0x01009e50 STATUS_SUCCESS ADDED foo\\n';
      const block = line.repeat(Math.ceil(1024 * 1024 / line.length));
      const write = document.querySelector('.terminal .host').fltlabWrite;
      const began = performance.now();
      // As a stream brings it: one message after the other, whether or not the one before is drawn.
      let drawn;
      for (let one = 0; one < ${TEXT_MB}; one += 1) {
        drawn = write(one === ${TEXT_MB} - 1 ? block + 'the last line' : block);
        await new Promise((resolve) => { const port = new MessageChannel();
          port.port1.onmessage = resolve; port.port2.postMessage(0); });
      }
      await drawn;
      return performance.now() - began;
    })()`);
  });
  return [
    { what: `${TEXT_MB} MB of debugger text`, values_ms: [took], limit_ms: 5_000 },
    {
      what: `${TEXT_MB} MB of debugger text: longest frame`,
      values_ms: [Math.max(...gaps)],
      limit_ms: 100,
    },
  ];
}

/** Ten minutes of a person, without the pauses: views, variants, edits; then what memory is left. */
async function measureHeap(page: Page): Promise<TimedRow[]> {
  const session = await page.context().newCDPSession(page);
  await page.getByRole('tab', { name: 'Problems' }).click();
  const round = async (): Promise<void> => {
    for (const view of ['Comparison', 'Stacks', 'Timeline', 'Prediction']) {
      await page.getByRole('tab', { name: view }).click();
    }
    for (const variant of ['user-buffer', 'new-system-buffer']) {
      await page.getByLabel('Variant').selectOption(variant);
      await page.getByText(/[0-9]+ events/).waitFor();
    }
  };
  for (let warm = 0; warm < 10; warm += 1) await round();
  const before = await heapOf(session);
  for (let one = 0; one < ROUNDS; one += 1) await round();
  const after = await heapOf(session);
  const growth = ((after - before) / before) * 100;
  const text = `heap ${(before / 1e6).toFixed(1)} → ${(after / 1e6).toFixed(1)} MB`;
  console.log(`${text}: ${growth.toFixed(1)} % after ${ROUNDS} rounds through views and variants`);
  // A percentage in a table of milliseconds: the name says so.
  return [{ what: 'heap growth in percent', values_ms: [growth], limit_ms: 5 }];
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

/** A run of a million rows, as the lab keeps one. */
async function keepLongRun(dataFolder: string): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, index): ComparisonRow => {
    const text = index % 1_000 === 7 ? 'STATUS_ACCESS_DENIED' : 'STATUS_SUCCESS 0x12';
    const same = { text: 'STATUS_SUCCESS 0x12', fields: { status: 'STATUS_SUCCESS' } };
    return {
      actor: 'main',
      step: `step-${index}`,
      phase: 'return',
      operation: 'read',
      verdict: index % 1_000 === 7 ? 'differs' : 'agrees',
      predicted: same,
      observed: { text, fields: { status: text } },
      differences: [],
      rules: ['R-IO-1'],
    };
  });
  const run = { ...exampleRun, id: '20260101-000000-long', startedAt: '2030-01-01T00:00:00.000Z' };
  const { sample, variant, workload, profile } = run;
  const prediction = predictionFormat.schema.parse({
    ...{ prediction: 1, sample, variant, workload, profile, seed: 0, outcome: 'completed' },
    ...{ findings: [], expectations: [], events: [], coverage: [], evidence: [] },
  });
  const trace = formatTrace({ trace: 1, producer: 'agent', workload }, []);
  const counts = { ...run.comparison.counts, agrees: ROWS - ROWS / 1_000, differs: ROWS / 1_000 };
  const comparison = { ...run.comparison, rows, counts };
  await keepRun(dataFolder, { run: { ...run, comparison }, prediction, trace });
}
