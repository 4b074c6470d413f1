// Findings are collected, not thrown: the same mistake at the same place counts up.
import { findingCatalogue } from '../../contract/finding.ts';
/** From the firmest to the weakest. */
const grades = ['T', 'D', 'C', 'S', '2', 'I', 'U'];
export class Findings {
    byKey = new Map();
    gradeOf;
    constructor(gradeOf) {
        this.gradeOf = gradeOf;
    }
    /** The new finding, or null when it came up at the same place before. */
    add(told, stack, thread) {
        const place = stack[0];
        // Without a line the message is all that tells two mistakes apart.
        const key = `${told.id} ${place === undefined ? told.message : `${place.file}:${place.line}`}`;
        const known = this.byKey.get(key);
        if (known !== undefined) {
            known.count += 1;
            return null;
        }
        const rules = [...new Set([...findingCatalogue[told.id].rules, ...(told.rules ?? [])])];
        const evidence = told.evidence ?? this.weakest(rules);
        const finding = {
            id: told.id,
            rules,
            message: told.message,
            ...(place === undefined ? {} : { file: place.file, line: place.line }),
            stack: [...stack],
            ...(thread.actor === null ? {} : { actor: thread.actor }),
            ...(thread.step === null ? {} : { step: thread.step }),
            ...(evidence === undefined ? {} : { evidence }),
            count: 1,
        };
        this.byKey.set(key, finding);
        return finding;
    }
    list() {
        return [...this.byKey.values()];
    }
    weakest(rules) {
        const places = rules.flatMap((rule) => {
            const grade = this.gradeOf(rule);
            return grade === undefined ? [] : [grades.indexOf(grade)];
        });
        return places.length === 0 ? undefined : grades[Math.max(...places)];
    }
}
