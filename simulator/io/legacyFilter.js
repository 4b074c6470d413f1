// A legacy filter driver: a device of its own on a stack, no minifilter. Modelled as one that passes
// everything on; what counts is that it is there, that it needs a stack location, and that frames of
// the Filter Manager lie above and below it.
// Models: R-REDIRECT-32; what the sfilter sample does with a request that it is not interested in.
import { IrpMajor } from '../../contract/windows/index.ts';
import { callFastIo, fastIoEntryNames } from './fastIo.ts';
/** The driver object; `attachFilterDevice` puts a device of it on a volume. */
export function legacyFilterDriver(kernel, io, plan) {
    const passUp = (irp) => {
        if (irp.pendingReturned)
            io.markPending(irp);
        return 'continue';
    };
    const dispatch = (device, irp) => {
        const below = lowerOf(device);
        if (plan.skipsLocation) {
            io.skipCurrentLocation(irp);
        }
        else {
            io.copyToNext(irp);
            io.setCompletionRoutine(irp, passUp);
        }
        return io.callDriver(below, irp);
    };
    return {
        name: `\\FileSystem\\${plan.driver}`,
        dispatch: new Map(Object.values(IrpMajor).map((major) => [major, dispatch])),
        fastIo: {
            nameOf: routineName(plan.driver),
            entries: Object.fromEntries(fastIoEntryNames.map((entry) => [entry, passOn(kernel)])),
        },
    };
}
/** A filter device has one below it by its nature. */
function lowerOf(device) {
    if (device.lower === null)
        throw new RangeError('a filter device is attached to something');
    return device.lower;
}
/** Each entry calls the one of the device below; one that is absent there says "no". */
const passOn = (kernel) => (device, call) => callFastIo(kernel, lowerOf(device), call);
/** sr!SrFastIoQueryOpen: the module, then its own first letters. */
const routineName = (driver) => (entry) => `${driver}!${driver.charAt(0).toUpperCase()}${driver.slice(1)}${entry}`;
