// Calls that end when they return: their buffer and their status block live as long as the call.
import { ntError } from '../../contract/windows/index.ts';
import { newIosb } from '../io/index.ts';
import { toHex } from './bytes.ts';
/** Information, where the status block was written. */
export const informationOf = ({ written, information, }) => (written ? { information } : {});
/** A call with an output buffer and a status block. */
export async function withOutput({ machine }, { process }, length, call) {
    const iosb = newIosb();
    const buffer = machine.user.allocate(process, length);
    const status = await call(iosb, buffer);
    const shows = !ntError(status) && iosb.written;
    const bytes = shows
        ? toHex(machine.memory.bytes(buffer, Math.min(iosb.information, length)))
        : undefined;
    machine.user.free(buffer);
    return { status, ...informationOf(iosb), ...(bytes === undefined ? {} : { bytes }) };
}
/** A call with an input buffer and a status block. */
export async function withInput({ machine }, { process }, data, call) {
    const iosb = newIosb();
    const buffer = machine.user.allocate(process, data.length);
    machine.memory.bytes(buffer, data.length).set(data);
    const status = await call(iosb, buffer, data.length);
    machine.user.free(buffer);
    return { status, ...informationOf(iosb) };
}
