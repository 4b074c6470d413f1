// Which list of known deviations belongs to a target.
import type { TargetFacts } from '../../contract/target.ts';
import type { Deviation } from './deviations.ts';
import { wineDeviations } from './deviations/wine.ts';

export const deviationsOf = (facts: Pick<TargetFacts, 'kind'>): readonly Deviation[] =>
  facts.kind === 'wine' ? wineDeviations : [];
