// Instances come and go: who is offered a volume, in which order they stand on it, and how an instance
// leaves while operations of it are still under way.
// Models: R-FLT-3, R-FLT-7, R-FLT-8, R-FLT-22, R-FLT-24, R-NOTIFY-61; PFLT_INSTANCE_SETUP_CALLBACK.
import { compareAltitudes } from '../../contract/altitude.ts';
import { InstanceSetupFlag, NtStatus, ntSuccess } from '../../contract/windows/index.ts';
import { setInstances } from './deviceStack.ts';
import { noteIdle, runCallback } from './operation.ts';
import { drain } from './postOperation.ts';
/** FILE_DEVICE_DISK_FILE_SYSTEM and FLT_FSTYPE_NTFS: what every volume of the model is. */
const VOLUME_DEVICE_TYPE = 8;
const VOLUME_FILE_SYSTEM_TYPE = 2;
/** Bits 0 and 1 of an instance's Flags in the registry. */
const NO_AUTOMATIC_ATTACHMENT = 1;
const NO_MANUAL_ATTACHMENT = 2;
const FLT_INSTANCE_LENGTH = 0x100;
const objectsOf = (instance) => ({
    filter: instance.filter,
    volume: instance.volume,
    instance,
    fileObject: null,
});
/** Offers `volume` to an instance that the filter defines, if it attaches automatically. */
export async function attachAutomatically(context, filter, volume, definition) {
    if ((definition.flags & NO_AUTOMATIC_ATTACHMENT) !== 0)
        return;
    const automatic = InstanceSetupFlag.FLTFL_INSTANCE_SETUP_AUTOMATIC_ATTACHMENT;
    await attach(context, filter, volume, definition, automatic);
}
/** FltAttachVolume: the instance, or why it is not attached. */
export async function attachManually(context, filter, volume, definition) {
    if ((definition.flags & NO_MANUAL_ATTACHMENT) !== 0)
        return NtStatus.STATUS_FLT_DO_NOT_ATTACH;
    const manual = InstanceSetupFlag.FLTFL_INSTANCE_SETUP_MANUAL_ATTACHMENT;
    const status = await attach(context, filter, volume, definition, manual);
    const attached = volume.instances.find(({ name }) => name === definition.name);
    return ntSuccess(status) && attached !== undefined ? attached : status;
}
/** The attempt to attach one instance. The status is that of the attempt; R-FLT-8: a refusal is silent. */
export async function attach(context, filter, volume, definition, setupFlags) {
    const collision = collidesWith(volume, definition);
    if (collision !== null)
        return collision;
    const instance = {
        address: context.kernel.allocateObject('FMis', FLT_INSTANCE_LENGTH),
        name: definition.name,
        altitude: definition.altitude,
        filter,
        volume,
        state: 'setting-up',
        nodes: new Set(),
        pended: new Set(),
        refusedQueryIn: null,
        running: 0,
        idle: null,
    };
    const setup = {
        flags: setupFlags,
        volumeDeviceType: VOLUME_DEVICE_TYPE,
        volumeFilesystemType: VOLUME_FILE_SYSTEM_TYPE,
    };
    const { instanceSetup } = filter.callbacks;
    filter.instances.push(instance);
    const status = instanceSetup === null
        ? NtStatus.STATUS_SUCCESS
        : await runCallback(instance, () => instanceSetup(objectsOf(instance), setup));
    if (!ntSuccess(status)) {
        forget(context, instance);
        return status;
    }
    instance.state = 'attached';
    setInstances(volume, [...volume.instances, instance]);
    emitDriver(context, instance, 'attach', NtStatus.STATUS_SUCCESS);
    return NtStatus.STATUS_SUCCESS;
}
function collidesWith(volume, definition) {
    for (const { name, altitude } of volume.instances) {
        if (compareAltitudes(altitude, definition.altitude) === 0) {
            return NtStatus.STATUS_FLT_INSTANCE_ALTITUDE_COLLISION;
        }
        if (name === definition.name)
            return NtStatus.STATUS_FLT_INSTANCE_NAME_COLLISION;
    }
    return null;
}
/**
 * Takes an instance away: no new operations, TeardownStart, its owed post-operations called early or
 * waited for, TeardownComplete. `reason`: TeardownReason.
 */
export async function detach(context, instance, reason) {
    if (instance.state !== 'attached')
        return;
    instance.state = 'tearing-down';
    const { callbacks } = instance.filter;
    const objects = objectsOf(instance);
    const { instanceTeardownStart: start, instanceTeardownComplete: complete } = callbacks;
    if (start !== null)
        await runCallback(instance, () => start(objects, reason));
    instance.idle = context.kernel.scheduler.createEvent('notification', false);
    for (const node of [...instance.nodes])
        await leaveOperation(context, node);
    noteIdle(instance);
    await context.kernel.scheduler.waitForEvent(instance.idle, {
        kind: 'teardown',
        what: describeBusy(instance),
    });
    if (complete !== null)
        await runCallback(instance, () => complete(objects, reason));
    const { volume } = instance;
    setInstances(volume, volume.instances.filter((one) => one !== instance));
    emitDriver(context, instance, 'detach', NtStatus.STATUS_SUCCESS);
    forget(context, instance);
}
/** Drains one operation that is below, or cancels it where it cannot be drained (R-NOTIFY-61). */
async function leaveOperation(context, node) {
    const { operation } = node;
    const index = operation.nodes.indexOf(node);
    // Its post-operation runs right now, or the filter holds it: that is waited for.
    if (index < 0)
        return;
    if (node.swappedBuffer) {
        if (operation.irp !== null)
            await context.io.cancelIrp(operation.irp);
        return;
    }
    operation.nodes.splice(index, 1);
    lowerWaitPoints(operation, index);
    await runCallback(node.instance, () => drain(context, node));
}
/** Wait points count nodes: those above the one that went keep their place. */
function lowerWaitPoints(operation, removed) {
    operation.waitPoints.forEach((point, index) => {
        if (point.nodeIndex < removed)
            return;
        operation.waitPoints[index] = { event: point.event, nodeIndex: point.nodeIndex - 1 };
    });
}
/** For the wait graph, when a filter never gives back what it holds. */
function describeBusy(instance) {
    const busy = [...instance.pended].map((operation) => `${operation.id} pended in pre-operation`);
    for (const node of instance.nodes)
        busy.push(`${node.operation.id} in post-operation`);
    const list = busy.length === 0 ? 'its callbacks to return' : busy.join(', ');
    return `teardown of ${instance.name} on ${instance.volume.volume.name}: ${list}`;
}
function forget(context, instance) {
    instance.state = 'detached';
    const index = instance.filter.instances.indexOf(instance);
    instance.filter.instances.splice(index, 1);
    context.kernel.freeObject(instance.address);
}
function emitDriver(context, instance, phase, status) {
    if (instance.filter.kind === 'neighbour')
        return;
    context.kernel.trace.emit({
        kind: 'driver',
        phase,
        driver: instance.filter.name,
        status,
        volume: instance.volume.volume.name,
        altitude: instance.altitude,
        ...(phase === 'attach' ? { rules: ['R-FLT-3'] } : {}),
    });
}
