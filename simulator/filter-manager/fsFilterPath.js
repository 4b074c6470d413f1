// FSFilter operations at a frame's device: the callbacks of minifilters around what the stack below
// answers, all in the caller's thread. Models: R-SECTION-1, 9 to 12; R-FLT-20.
import { ntError, NtStatus, SectionSyncType } from '../../contract/windows/index.ts';
import { sendFsFilter } from '../io/fsFilter.ts';
import { beginOperation, endOperation, wantedBy } from './operation.ts';
import { ascend } from './postOperation.ts';
import { descend } from './preOperation.ts';
export function fsFilterDispatch(context, volumeOf) {
    return (device, request) => {
        const volume = volumeOf(device);
        const iopb = {
            irpFlags: 0,
            majorFunction: request.majorFunction,
            minorFunction: 0,
            operationFlags: 0,
            targetFileObject: request.file,
            targetInstance: null,
            parameters: { operation: request.parameters, buffer: 0, mdl: null },
        };
        const wanted = volume.instances.some((one) => wantedBy(one, iopb, 'fs-filter') !== undefined);
        const below = volume.device.lower;
        return wanted ? pass(context, volume, below, iopb) : sendFsFilter(below, request);
    };
}
async function pass(context, volume, below, iopb) {
    const operation = beginOperation(context, volume, {
        iopb,
        requestorMode: 'kernel',
        path: 'fs-filter',
    });
    const { data } = operation;
    if ((await descend(context, operation)) === 'passed') {
        const request = requestOf(data.iopb);
        const answer = await sendFsFilter(below, { ...request, passedBy: lastDriver(operation) });
        const isFileSystem = below === volume.volume.fileSystemDevice;
        data.ioStatus.status = isFileSystem ? asShown(answer, data.iopb) : answer;
    }
    await ascend(context, operation);
    endOperation(context, operation);
    const { status } = data.ioStatus;
    // A failure that is not allowed has been told; nobody acts on it (grade I).
    return ntError(status) && !creates(iopb)
        ? NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY
        : status;
}
function requestOf({ majorFunction, targetFileObject, parameters, }) {
    if (targetFileObject === null)
        throw new RangeError('an FSFilter operation has a file object');
    return { majorFunction, file: targetFileObject, parameters: parameters.operation };
}
/** The pre-operation of the lowest driver that wanted it. */
const lastDriver = ({ instances, data }) => instances
    .filter(({ filter }) => filter.kind === 'driver')
    .map((instance) => wantedBy(instance, data.iopb, 'fs-filter')?.preAt)
    .findLast((place) => place !== undefined);
const creates = ({ parameters: { operation } }) => operation.kind === 'acquire-section' &&
    operation.syncType === SectionSyncType.SyncTypeCreateSection;
/** What filters see of the file system's own success for anything but the creation of a section. */
const asShown = (answer, iopb) => !creates(iopb) && answer === NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY
    ? NtStatus.STATUS_SUCCESS
    : answer;
