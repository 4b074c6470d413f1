// Where Wine is known to deviate from Windows.
import type { Deviation } from '../deviations.ts';

export const wineDeviations: readonly Deviation[] = [];
