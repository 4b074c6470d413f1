// How the window is divided, remembered for each driver that is worked on.
import type { Settings } from './settings.svelte.ts';

export const sideViews = ['samples', 'targets', 'runs', 'settings'] as const;
export type SideView = (typeof sideViews)[number];
export const rightTabs = ['prediction', 'comparison', 'profiles', 'stacks', 'timeline'] as const;
export type RightTab = (typeof rightTabs)[number];
export const panelTabs = ['problems', 'build', 'debugger', 'simulated', 'agent', 'output'] as const;
export type PanelTab = (typeof panelTabs)[number];

/** What a window that has room for one pane shows. */
export const narrowPanes = ['source', 'results', 'panel'] as const;
export type NarrowPane = (typeof narrowPanes)[number];

interface Kept {
  readonly side: SideView | null;
  readonly right: RightTab;
  readonly panel: PanelTab;
  readonly panelOpen: boolean;
  readonly sideWidth: number;
  /** Share of what the side view leaves. */
  readonly rightShare: number;
  readonly panelHeight: number;
}

const initial: Kept = {
  side: null,
  right: 'prediction',
  panel: 'problems',
  panelOpen: true,
  sideWidth: 272,
  rightShare: 0.49,
  panelHeight: 176,
};

const isKept = (value: unknown): value is Partial<Kept> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export class Layout {
  private kept = $state.raw<Kept>(initial);
  /** Told by the window: too narrow for panes beside each other, as at 200 % zoom. */
  narrow = $state(false);
  /** The one pane of a narrow window; what was asked for last comes forward. */
  pane = $state<NarrowPane>('source');
  private workspace = '';
  private readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** The layout of another driver; the side view stays as it is, for it is how one got here. */
  restore(workspace: string): void {
    const { side } = this.kept;
    const first = this.workspace === '';
    this.workspace = workspace;
    const before = this.settings.json(`layout:${workspace}`, isKept);
    this.kept = { ...initial, ...before, ...(first ? {} : { side }) };
    // Sizes and names of an older workbench may not fit this one.
    if (!rightTabs.includes(this.kept.right)) this.change({ right: initial.right });
    if (!panelTabs.includes(this.kept.panel)) this.change({ panel: initial.panel });
  }

  get side(): SideView | null {
    return this.kept.side;
  }
  get right(): RightTab {
    return this.kept.right;
  }
  get panel(): PanelTab {
    return this.kept.panel;
  }
  get panelOpen(): boolean {
    return this.kept.panelOpen;
  }
  get sideWidth(): number {
    return clamp(this.kept.sideWidth, 200, 480);
  }
  get rightShare(): number {
    return clamp(this.kept.rightShare, 0.2, 0.8);
  }
  get panelHeight(): number {
    return clamp(this.kept.panelHeight, 80, 640);
  }

  toggleSide(side: SideView): void {
    this.change({ side: this.kept.side === side ? null : side });
  }
  /** In a narrow window the side view covers the others: whoever asks for one of them, sees it. */
  showPane(pane: NarrowPane): void {
    this.pane = pane;
    if (!this.narrow) return;
    if (this.kept.side !== null) this.change({ side: null });
    if (pane === 'panel' && !this.kept.panelOpen) this.change({ panelOpen: true });
  }
  showSide(side: SideView | null): void {
    this.change({ side });
  }
  showRight(right: RightTab): void {
    this.change({ right });
    this.showPane('results');
  }
  showPanel(panel: PanelTab): void {
    this.change({ panel, panelOpen: true });
    this.showPane('panel');
  }
  togglePanel(): void {
    if (this.narrow) this.showPane(this.pane === 'panel' ? 'source' : 'panel');
    else this.change({ panelOpen: !this.kept.panelOpen });
  }
  resize(change: Partial<Pick<Kept, 'sideWidth' | 'rightShare' | 'panelHeight'>>): void {
    this.change(change);
  }

  private change(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    if (this.workspace !== '') {
      this.settings.set(`layout:${this.workspace}`, JSON.stringify(this.kept));
    }
  }
}
