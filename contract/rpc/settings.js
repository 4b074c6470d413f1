// What the workbench remembers between two starts. The lab keeps it, because a served page has another
// origin each time. The lab does not read it.
import { z } from 'zod';
import { base } from './base.ts';
const Key = z.string().regex(/^[a-z][a-zA-Z.]{0,39}(:.{1,1024})?$/);
export const SETTING_MAX_characters = 100_000;
export const settingsContract = {
    read: base.output(z.record(z.string(), z.string())),
    write: base
        .input(z.strictObject({ key: Key, value: z.string().max(SETTING_MAX_characters) }))
        .output(z.strictObject({})),
};
