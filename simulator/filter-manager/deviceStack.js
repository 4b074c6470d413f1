// The attachment stacks of all volumes: frames of the Filter Manager from the lowest up, legacy filter
// drivers between them, each frame with one device per volume.
// Models: R-FLT-4, R-REDIRECT-32.
// Differs: on Windows a frame comes into being when a minifilter registers that belongs above a legacy
// filter; here the whole stack stands before the first one registers.
import { compareAltitudes } from '../../contract/altitude.ts';
import { attachFilterDevice } from '../io/filterDevice.ts';
import { legacyFilterDriver } from '../io/legacyFilter.ts';
const FLT_VOLUME_LENGTH = 0x100;
/**
 * Nodes beyond the altitudes in use: the seed's transcript shows five nodes where three filters stand.
 * A choice (I): room for instances that come later.
 */
const SPARE_NODES = 2;
/** The altitude of the highest load order group ends below it (R-FLT-5). */
const HIGHEST = '499999';
export const plainStack = {
    frameBoundaries: [],
    legacyFilters: [],
    neighbours: [],
    reparseWithoutName: 'same-name',
};
/** Whether something that may name its volumes stands on this one. */
export const standsOn = ({ volumes }, volume) => volumes === undefined || volumes.includes(volume.name);
/** Attaches everything that `stack` says to every mounted volume. `driver`: \FileSystem\FltMgr. */
export function raiseStack(context, stack, driver) {
    const starts = ['0', ...stack.frameBoundaries];
    const legacy = stack.legacyFilters.map((plan) => ({
        plan,
        driver: legacyFilterDriver(context.kernel, context.io, plan),
    }));
    return starts.map((lowest, id) => {
        const frame = makeFrame(context, driver, { id, lowest, highest: starts[id + 1] ?? HIGHEST });
        for (const one of legacy)
            if (one.plan.aboveFrame === id)
                attachLegacy(context, one);
        return frame;
    });
}
function makeFrame(context, driver, range) {
    const frame = { ...range, volumes: [], completionNodes: 0 };
    for (const volume of context.io.volumes) {
        frame.volumes.push({
            address: context.kernel.allocateObject('FMvo', FLT_VOLUME_LENGTH),
            frame,
            volume,
            device: attachFilterDevice(context.io, volume, driver),
            instances: [],
        });
    }
    return frame;
}
function attachLegacy({ io }, { plan, driver }) {
    for (const volume of io.volumes) {
        if (standsOn(plan, volume))
            attachFilterDevice(io, volume, driver);
    }
}
/** The frame that an altitude falls into. */
export function frameOf(frames, altitude) {
    const found = frames.findLast(({ lowest }) => compareAltitudes(lowest, altitude) <= 0);
    if (found === undefined)
        throw new RangeError('frame 0 begins at altitude 0');
    return found;
}
/** The record of a mounted volume in a frame. */
export function volumeIn(frame, volume) {
    const found = frame.volumes.find((one) => one.volume === volume);
    if (found === undefined)
        throw new RangeError('every frame is attached to every volume');
    return found;
}
/** Puts the instances of a volume in their order, the highest first. */
export function setInstances(volume, instances) {
    volume.instances = [...instances].sort((a, b) => compareAltitudes(b.altitude, a.altitude));
    const { frame } = volume;
    const altitudes = frame.volumes.flatMap((one) => one.instances.map(({ altitude }) => altitude));
    frame.completionNodes = new Set(altitudes).size + SPARE_NODES;
}
