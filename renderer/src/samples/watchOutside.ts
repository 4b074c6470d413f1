// Files that other programs change, told for as long as the driver is open.
import { reportedError, type Lab } from '../lab.ts';

export async function watchOutside(
  lab: Lab,
  sample: string,
  signal: AbortSignal,
  told: (paths: readonly string[]) => void,
): Promise<void> {
  try {
    const stream = await lab.samples.watch({ sample }, { signal });
    for await (const { changed } of stream) {
      if (signal.aborted) return;
      told(changed);
    }
  } catch (error) {
    // A cut line and leaving end it alike; anything else is worth knowing.
    if (!signal.aborted && reportedError(error).code === 'internal.bug') console.error(error);
  }
}
