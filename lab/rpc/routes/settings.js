import { openDataFolder } from '../../data/dataFolder.ts';
import { lab } from '../service.ts';
import { readSettings, writeSetting } from '../settingsFile.ts';
const read = lab.settings.read.handler(async () => readSettings(await openDataFolder()));
const write = lab.settings.write.handler(async ({ input }) => {
    await writeSetting(await openDataFolder(), input.key, input.value);
    return {};
});
export const settingsRoutes = { read, write };
