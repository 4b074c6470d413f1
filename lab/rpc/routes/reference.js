import { z } from 'zod';
import { LabError } from '../../../contract/errors/labError.ts';
import { SampleManifestSchema } from '../../../contract/sample.ts';
import { WorkloadSchema } from '../../../contract/workload.ts';
import { reference } from '../../reference/routines.ts';
import { nearRules, ruleOf } from '../../rules/index.ts';
import { lab } from '../service.ts';
const rule = lab.reference.rule.handler(({ input }) => {
    const found = ruleOf(input.id);
    if (found === undefined) {
        throw new LabError('usage.bad-argument', {
            problem: `There is no rule ${input.id}.`,
            remedy: `Near it: ${nearRules(input.id).join(', ') || 'none'}.`,
        });
    }
    const { id, title, text, table, versions, sources, grades } = found;
    return {
        id,
        title,
        text,
        ...(table === undefined ? {} : { table: table.map((row) => [...row]) }),
        versions: versions.text,
        sources: [...sources],
        grades: [...grades],
    };
});
const routines = lab.reference.routines.handler(() => reference());
/** What is written, before it is parsed: names where the parsed document has numbers. */
const schemaOf = (schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const schemas = lab.reference.schemas.handler(() => ({
    manifest: schemaOf(SampleManifestSchema),
    workload: schemaOf(WorkloadSchema),
}));
export const referenceRoutes = { rule, routines, schemas };
