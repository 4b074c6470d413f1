import { ntError } from '../../contract/windows/index.ts';
import { ntQueryAttributesFile, ntQueryInformationByName } from '../io/index.ts';
import { toHex } from './bytes.ts';
import { withOutput } from './withBuffer.ts';
/** The routines without a status block return their whole structure. */
const attributeLengths = { basic: 40, full: 56 };
export async function performQueryAttributes(stage, step, doer, named) {
    const { machine, services } = stage;
    const object = { ...named, caseSensitive: false };
    const { how } = step;
    if (how === 'by-name') {
        const fileInformationClass = step.class;
        const length = BY_NAME_LENGTH;
        return withOutput(stage, doer, length, (iosb, buffer) => ntQueryInformationByName(services, { object, iosb, buffer, length, fileInformationClass }));
    }
    const length = attributeLengths[how];
    const buffer = machine.user.allocate(doer.process, length);
    const status = await ntQueryAttributesFile(services, { object, full: how === 'full', buffer });
    const bytes = ntError(status) ? {} : { bytes: toHex(machine.memory.bytes(buffer, length)) };
    machine.user.free(buffer);
    return { status, ...bytes };
}
/** Room for every class that can be asked for by name. */
const BY_NAME_LENGTH = 128;
