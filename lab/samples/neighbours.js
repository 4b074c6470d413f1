import { LabError } from '../../contract/errors/labError.ts';
import { profileNames } from '../../contract/profiles.ts';
import { profileOf } from '../../simulator/index.ts';
/**
 * Refuses a name that stands in no stack: a slip would otherwise leave nothing out and say nothing. A
 * filter that only other versions have is fine, so that one command serves all of them.
 */
export function checkNeighbours({ manifest }, { stack }, without) {
    const all = [
        ...profileNames.flatMap((name) => profileOf(name).neighbours),
        ...manifest.neighbours,
        ...(stack?.neighbours ?? []),
    ];
    const known = new Map(all.map(({ filter }) => [filter.toLowerCase(), filter]));
    const unknown = without.find((name) => !known.has(name.toLowerCase()));
    if (unknown === undefined)
        return;
    throw new LabError('usage.bad-argument', {
        problem: `No filter "${unknown}" stands beside ${manifest.name} on any Windows version.`,
        remedy: `Leave out one of: ${[...known.values()].sort().join(', ')}.`,
    });
}
