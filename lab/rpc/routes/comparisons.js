import { openDataFolder } from '../../data/dataFolder.ts';
import { openSides } from '../../comparisons/sides.ts';
import { comparisons, lab } from '../service.ts';
const open = lab.comparisons.open.handler(async ({ input, signal }) => comparisons.open(await openSides(await openDataFolder(), input.left, input.right, signal)));
const rows = lab.comparisons.rows.handler(({ input }) => comparisons.rows(input.comparison, input.from, input.count, input.speaking));
const next = lab.comparisons.next.handler(({ input }) => comparisons.next(input.comparison, input.after, input.backwards, input.speaking));
export const comparisonRoutes = { open, rows, next };
