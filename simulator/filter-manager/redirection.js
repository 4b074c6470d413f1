// Redirection: what a pre-operation's change of Iopb->TargetInstance and Iopb->TargetFileObject comes
// to, and what the three …Redirection… routines answer.
// Models: R-REDIRECT-28 to 40; R-IO-23 is met further down, where the locations run out.
import { compareAltitudes } from '../../contract/altitude.ts';
import { CallbackDataFlag, FltMajor, NtStatus, fltMajorName, } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import { pathOf } from './parameters.ts';
const { IRP_MJ_NETWORK_QUERY_OPEN } = FltMajor;
/** CCHAR. */
const STACK_SIZE_MAX = 0x7f;
/** Why requests cannot go from one instance to another; null where they can (R-REDIRECT-29). */
export function unsupportedBecause(from, to) {
    if (to.filter !== from.filter) {
        return `it is an instance of another filter, ${to.filter.name}`;
    }
    if (to.volume.volume === from.volume.volume) {
        return to === from ? null : "it is another instance of the filter's own on the same volume";
    }
    if (to.volume.frame !== from.volume.frame) {
        return `it stands in frame ${to.volume.frame.id}, and this one in frame ${from.volume.frame.id}`;
    }
    if (compareAltitudes(to.altitude, from.altitude) !== 0) {
        return `it stands at altitude ${to.altitude}, and this one at ${from.altitude}`;
    }
    return to.state === 'attached' || to.state === 'setting-up' ? null : 'it is being torn down';
}
/** Stack locations that a request needs below a frame's device (R-REDIRECT-32). */
const neededBelow = ({ device }) => lowerOf(device).stackSize;
function lowerOf(device) {
    if (device.lower === null)
        throw new RangeError('a frame stands above a file system');
    return device.lower;
}
/** Whether every request sized for the source's stack can go on at the target (R-REDIRECT-33). */
const isLargeEnough = (from, to) => from.volume.device.stackSize > neededBelow(to.volume);
/** FltIsIoRedirectionAllowed. IRQL <= DISPATCH_LEVEL. */
export function isRedirectionAllowed(context, from, to) {
    if (unsupportedBecause(from, to) !== null)
        return 'not-supported';
    const allowed = isLargeEnough(from, to);
    if (allowed)
        context.allowedPairs.add(from, to);
    return allowed;
}
/**
 * FltAdjustDeviceStackSizeForIoRedirection. Models: R-REDIRECT-35; requests that are allocated already
 * keep their size.
 * Differs: which devices are raised is not documented beyond "the source's"; the model raises the
 * frame's device and all above it, as a request is sized by the one on top.
 */
export function adjustStackSize(from, to) {
    if (unsupportedBecause(from, to) !== null) {
        return { status: NtStatus.STATUS_NOT_SUPPORTED, modified: false };
    }
    const missing = neededBelow(to.volume) + 1 - from.volume.device.stackSize;
    if (missing <= 0)
        return { status: NtStatus.STATUS_SUCCESS, modified: false };
    const raised = [];
    for (let one = from.volume.device; one !== null; one = one.attached) {
        raised.push(one);
    }
    if (raised.some(({ stackSize }) => stackSize + missing > STACK_SIZE_MAX)) {
        return { status: NtStatus.STATUS_INVALID_PARAMETER, modified: false };
    }
    for (const device of raised)
        device.stackSize += missing;
    return { status: NtStatus.STATUS_SUCCESS, modified: true };
}
/** Locations that are left below the one at which the Filter Manager has the request. */
const locationsLeft = (operation) => operation.irp === null ? Number.POSITIVE_INFINITY : operation.irp.currentLocation - 1;
/** FltIsIoRedirectionAllowedForOperation, in a callback of `from`. */
export function isRedirectionAllowedForOperation({ operation }, from, to) {
    if (unsupportedBecause(from, to) !== null)
        return 'not-supported';
    const thisIo = locationsLeft(operation) >= neededBelow(to.volume);
    operation.askedRedirection = { to, allowed: thisIo };
    return { thisIo, allIo: isLargeEnough(from, to) };
}
/** Pairs of instances for which FltIsIoRedirectionAllowed has said yes. */
export class InstancePairs {
    targets = new WeakMap();
    add(from, to) {
        const known = this.targets.get(from);
        if (known === undefined)
            this.targets.set(from, new Set([to]));
        else
            known.add(to);
    }
    has(from, to) {
        return this.targets.get(from)?.has(to) === true;
    }
}
/** What a pre-operation's change of the target means for those below, for the trace. */
export function redirectionOf({ data }, { iopb, instance }) {
    const { targetInstance: to, targetFileObject: file } = data.iopb;
    const crosses = to !== iopb.targetInstance;
    if (!crosses && file === iopb.targetFileObject)
        return null;
    const isDirty = (data.flags & CallbackDataFlag.FLTFL_CALLBACK_DATA_DIRTY) !== 0;
    if (!isDirty || to === null || unsupportedBecause(instance, to) !== null)
        return null;
    return {
        to: nameAt(to, file),
        rules: crosses ? ['R-REDIRECT-28', 'R-REDIRECT-37'] : ['R-REDIRECT-28'],
    };
}
/** A file object that nobody has opened yet is a name, which is looked for on the other volume. */
function nameAt({ volume }, file) {
    if (file === null)
        return `${volume.volume.name}:`;
    return file.fsContext === null ? `${volume.volume.name}:\\${pathOf(file)}` : displayNameOf(file);
}
/**
 * Takes over a changed target that was marked dirty: the operation goes on below the same altitude of
 * the other volume (R-REDIRECT-37). `hold.iopb` is the block as the pre-operation received it.
 */
export function redirect(context, operation, hold, report) {
    const { data } = operation;
    const { targetInstance: to, targetFileObject: file } = data.iopb;
    const { filter } = hold.instance;
    const what = `${filter.name} redirected ${fltMajorName(hold.iopb.majorFunction)}`;
    const because = to === null ? 'it is no instance' : unsupportedBecause(hold.instance, to);
    if (because !== null) {
        report('redirection-unsupported', `${what} by Iopb->TargetInstance to an instance that redirection does not allow: ${because}. ` +
            'It has to be an instance of the same filter, at the same altitude, in the same frame, on ' +
            'another volume.');
        // Differs: undefined on Windows. The model goes on as if the target had been left as it was.
        const { targetInstance, targetFileObject } = hold.iopb;
        data.iopb = { ...data.iopb, targetInstance, targetFileObject };
        return;
    }
    const target = to ?? hold.instance;
    // A query by name has opened nothing: its file object is a name and no more (R-REDIRECT-45).
    const isOpened = file !== null && data.iopb.majorFunction !== IRP_MJ_NETWORK_QUERY_OPEN;
    if (isOpened && file.device.volume !== target.volume.volume) {
        // Differs: undefined on Windows; the file system of the model finds its own stream behind the
        // file object, whatever volume that is on.
        report('foreign-file-object', `${what} to volume ${target.volume.volume.name}, and Iopb->TargetFileObject is a file of volume ` +
            `${file.device.volume?.name ?? '(none)'}: it has to be opened on the volume of TargetInstance.`);
    }
    if (target === hold.instance)
        return;
    checkLocations(context, operation, hold, { target, what, report });
    operation.goesTo = target.volume;
    operation.redirectedIn = hold;
    operation.instances = target.volume.instances;
    const below = operation.instances.findIndex(({ altitude }) => compareAltitudes(altitude, target.altitude) < 0);
    operation.nextInstance = below < 0 ? operation.instances.length : below;
}
/** A filter that does not ask whether the request has the locations learns it from bugcheck 0x35. */
function checkLocations(context, operation, { instance }, { target, what, report }) {
    if (operation.irp === null)
        return; // R-REDIRECT-40.
    const left = locationsLeft(operation);
    const needed = neededBelow(target.volume);
    const { askedRedirection: asked } = operation;
    const wasAsked = asked?.to === target;
    if (wasAsked && asked.allowed)
        return;
    const enough = left >= needed;
    if (enough && context.allowedPairs.has(instance, target))
        return;
    const why = wasAsked
        ? 'although FltIsIoRedirectionAllowedForOperation did not allow it'
        : 'without asking whether the request has the stack locations';
    const outcome = enough
        ? 'it works by luck'
        : `a location is missing, and whoever comes to need it ends in bugcheck 0x35`;
    report('redirection-unchecked', `${what} to volume ${target.volume.volume.name} ${why}: ${left} are left, the target needs ` +
        `${needed}; ${outcome}.`);
}
