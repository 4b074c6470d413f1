// Where the window was, so that it is there again; on a screen that is still connected.
import { readFile, writeFile } from 'node:fs/promises';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';

const KeptState = z.strictObject({
  window: z.literal(1),
  x: z.number(),
  y: z.number(),
  width: z.number().min(400),
  height: z.number().min(300),
  maximized: z.boolean(),
});
export type KeptState = z.infer<typeof KeptState>;

const initial = { width: 1280, height: 800 } as const;
const PAUSE_ms = 500;

export class WindowState {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Undefined at the first start, and for a file that is damaged: it is only a place. */
  async read(): Promise<KeptState | undefined> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    return KeptState.safeParse(parse(text)).data;
  }

  follow(window: BrowserWindow): void {
    let pause: NodeJS.Timeout | undefined;
    const keep = (): void => {
      clearTimeout(pause);
      pause = setTimeout(() => void this.write(window), PAUSE_ms);
    };
    window.on('resize', keep);
    window.on('move', keep);
    window.on('maximize', keep);
    window.on('unmaximize', keep);
    window.on('closed', () => clearTimeout(pause));
  }

  private async write(window: BrowserWindow): Promise<void> {
    if (window.isDestroyed() || window.isMinimized()) return;
    const { x, y, width, height } = window.getNormalBounds();
    const state: KeptState = { window: 1, x, y, width, height, maximized: window.isMaximized() };
    await writeFile(this.file, JSON.stringify(state));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A place on a screen that is gone would open a window that nobody sees. */
export function restoredBounds(kept: KeptState | undefined): Partial<Rectangle> {
  if (kept === undefined) return initial;
  const { x, y, width, height } = kept;
  const area = screen.getDisplayMatching({ x, y, width, height }).workArea;
  const inside =
    x < area.x + area.width - 40 &&
    x + width > area.x + 40 &&
    y >= area.y &&
    y < area.y + area.height - 40;
  return inside ? { x, y, width, height } : { width, height };
}
