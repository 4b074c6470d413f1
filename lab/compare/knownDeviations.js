import { wineDeviations } from './deviations/wine.ts';
export const deviationsOf = (facts) => facts.kind === 'wine' ? wineDeviations : [];
