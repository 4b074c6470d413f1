// Everything that can be done, by name and key: the palette, the tooltips, the menus and the keyboard
// read this one table.
import type { App } from '../app.svelte.ts';
import { profileNames } from '../../../contract/profiles.ts';
import { panelTabs, rightTabs, sideViews } from '../state/layout.svelte.ts';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly keys?: string;
  run(app: App): void;
}

const sideTitles = { samples: 'Samples', targets: 'Targets', runs: 'Runs', settings: 'Settings' };
export const rightTitles = {
  prediction: 'Prediction',
  comparison: 'Comparison',
  profiles: 'Profiles',
  stacks: 'Stacks',
  timeline: 'Timeline',
} as const;
export const panelTitles = {
  problems: 'Problems',
  build: 'Build',
  debugger: 'Debugger',
  simulated: 'Simulated debugger',
  agent: 'Agent',
  output: 'Output',
} as const;

const doing: readonly Command[] = [
  { id: 'simulate', title: 'Simulate', keys: 'Ctrl+Enter', run: (app) => app.simulate() },
  { id: 'run', title: 'Run on the target', keys: 'F5', run: (app) => app.runOnTarget() },
  {
    id: 'run-all',
    title: 'Run on every target',
    keys: 'Ctrl+F5',
    run: (app) => app.runOnTargets(app.targets.map((one) => one.name)),
  },
  { id: 'cancel', title: 'Cancel the run', keys: 'Shift+F5', run: (app) => void app.runs.cancel() },
  {
    id: 'build',
    title: 'Build (compile, show problems)',
    keys: 'Ctrl+Shift+B',
    run: (app) => app.build(),
  },
  { id: 'save', title: 'Save all files', keys: 'Ctrl+S', run: (app) => void app.saveAll() },
  { id: 'copy', title: 'Copy this sample to edit it', run: (app) => app.ask('copy') },
  { id: 'open-folder', title: 'Open a folder …', keys: 'Ctrl+O', run: (app) => app.ask('folder') },
  { id: 'import', title: 'Import a run …', run: (app) => app.importRun() },
  { id: 'next-problem', title: 'Next problem', keys: 'F8', run: (app) => app.nextProblem() },
  {
    id: 'next-difference',
    title: 'Next difference',
    keys: 'F7',
    run: (app) => app.nextDifference(false),
  },
  {
    id: 'previous-difference',
    title: 'Previous difference',
    keys: 'Shift+F7',
    run: (app) => app.nextDifference(true),
  },
  {
    id: 'breakpoint',
    title: 'Breakpoint of the simulated debugger',
    keys: 'F9',
    run: (app) => app.toggleBreakpoint(),
  },
  { id: 'variant', title: 'Next variant', keys: 'Alt+V', run: (app) => app.desk.nextVariant() },
  { id: 'split', title: 'Split the editor', keys: 'Ctrl+\\', run: (app) => app.toggleSplit() },
  {
    id: 'format',
    title: 'Format this file',
    keys: 'Alt+Shift+F',
    run: (app) => app.editor?.format(),
  },
  {
    id: 'revert',
    title: 'Revert this file to what is on disk',
    run: (app) => app.editor?.revertShown(),
  },
  { id: 'find', title: 'Find in this driver', keys: 'Ctrl+Shift+F', run: (app) => app.ask('find') },
  {
    id: 'panel',
    title: 'Show or hide the panel',
    keys: 'Ctrl+J',
    run: (app) => app.layout.togglePanel(),
  },
  { id: 'editor', title: 'Go to the editor', keys: 'Ctrl+1', run: (app) => app.focusEditor() },
  {
    id: 'theme',
    title: 'Next theme: system, light, dark, high contrast',
    run: (app) => app.nextTheme(),
  },
  {
    id: 'palette',
    title: 'Command palette',
    keys: 'Ctrl+Shift+P',
    run: (app) => app.ask('palette'),
  },
];

const views: readonly Command[] = [
  ...sideViews.map((side, index) => ({
    id: `side-${side}`,
    title: `${sideTitles[side]}: show or hide`,
    keys: `Ctrl+Shift+${index + 1}`,
    run: (app: App) => app.layout.toggleSide(side),
  })),
  ...rightTabs.map((tab, index) => ({
    id: `right-${tab}`,
    title: `Show ${rightTitles[tab]}`,
    keys: `Alt+${index + 1}`,
    run: (app: App) => app.showRight(tab),
  })),
  ...panelTabs.map((tab) => ({
    id: `panel-${tab}`,
    title: `Panel: ${panelTitles[tab]}`,
    run: (app: App) => app.layout.showPanel(tab),
  })),
];

const profiles: readonly Command[] = profileNames.map((profile) => ({
  id: `profile-${profile}`,
  title: `Windows version: ${profile}`,
  run: (app: App) => app.desk.choose({ profile }),
}));

export const commands: readonly Command[] = [...doing, ...views, ...profiles];

const byId = new Map(commands.map((one) => [one.id, one]));
export const commandOf = (id: string): Command | undefined => byId.get(id);
