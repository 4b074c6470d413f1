import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError } from '../failure.ts';
const ObjectFlag = { instance: 0x01000000, filter: 0x02000000, volume: 0x04000000 };
const quoted = (text) => `"${text}"`;
const row = (depth, name, text) => `${' '.repeat(3 * depth)}${name.padEnd(25)}: ${text}`;
const filterLine = (depth, { address, name, instances, definitions }) => `${' '.repeat(3 * depth)}FLT_FILTER: ${hex8(address)} ${quoted(name)} ${quoted(instances[0]?.altitude ?? definitions[0]?.altitude ?? '')}`;
const instanceLine = (depth, { address, name, altitude }) => `${' '.repeat(3 * depth)}FLT_INSTANCE: ${hex8(address)} ${quoted(name)} ${quoted(altitude)}`;
const volumeLine = (depth, { address, volume }) => `${' '.repeat(3 * depth)}FLT_VOLUME: ${hex8(address)} ${quoted(volume.deviceName)}`;
const frameName = (id) => quoted(`Frame ${id}`);
function frames({ standing }) {
    const { manager } = standing.records;
    if (manager === null)
        throw new KdError('fltmgr is not loaded in this simulation: it has no filter.');
    return [...new Set(standing.records.volumes.map(({ frame }) => frame))];
}
function filtersIn(looking, id) {
    return looking.standing.records.filters.filter((filter) => filter.frame.id === id);
}
/** The list itself lies in the frame. */
const FILTER_LIST = 0x74;
const VOLUME_LIST = 0xac;
export const filters = (looking) => frames(looking).flatMap(({ id }) => [
    '',
    `Filter List: ${hex8(looking.standing.records.frameAddress(id) + FILTER_LIST)} ${frameName(id)} `,
    ...filtersIn(looking, id).flatMap((filter) => [
        filterLine(1, filter),
        ...filter.instances.map((instance) => instanceLine(2, instance)),
    ]),
]);
export const volumes = (looking) => frames(looking).flatMap(({ id, volumes: list }) => [
    '',
    `Volume List: ${hex8(looking.standing.records.frameAddress(id) + VOLUME_LIST)} ${frameName(id)} `,
    ...list.flatMap((volume) => [
        volumeLine(1, volume),
        ...volume.instances.map((instance) => instanceLine(2, instance)),
    ]),
]);
export const frameList = (looking) => [
    '',
    'Frame List:',
    ...frames(looking).flatMap((frame) => [
        `   FLTP_FRAME: ${hex8(looking.standing.records.frameAddress(frame.id))} ${frameName(frame.id)} "${frame.lowest} to ${frame.highest}"`,
        ...filtersIn(looking, frame.id).map((filter) => filterLine(2, filter)),
    ]),
];
function addressIn({ standing, machine }, text) {
    return evaluateMasm(standing.scope(machine), text);
}
const objectLines = (address, flag, kind) => [
    `   FLT_OBJECT: ${hex8(address)}  [${hex8(flag)}] ${kind}`,
    row(2, 'RundownRef', '0x00000000 (0)'),
    row(2, 'PointerCount', '0x00000001 '),
];
export const filter = (looking, text) => {
    const address = addressIn(looking, text);
    const found = looking.standing.records.filters.find((one) => one.address === address);
    if (found === undefined)
        throw new KdError(`${hex8(address)}: is not an FLT_FILTER`);
    const { frame, callbacks } = found;
    const routine = (name, value) => row(1, name, value === null ? '00000000  (null) ' : `set ${found.name}`);
    return [
        '',
        filterLine(0, found),
        ...objectLines(address, ObjectFlag.filter, 'Filter'),
        row(1, 'Frame', `${hex8(looking.standing.records.frameAddress(frame.id))} ${frameName(frame.id)} `),
        row(1, 'Flags', `[${hex8(stateFlags[found.state][0])}] ${stateFlags[found.state][1]}`),
        routine('FilterUnload', callbacks.unload),
        routine('InstanceSetup', callbacks.instanceSetup),
        routine('InstanceQueryTeardown', callbacks.instanceQueryTeardown),
        routine('InstanceTeardownStart', callbacks.instanceTeardownStart),
        routine('InstanceTeardownComplete', callbacks.instanceTeardownComplete),
        row(1, 'Operations', `${callbacks.operations.length}`),
        row(1, 'InstanceList', ''),
        ...found.instances.map((instance) => instanceLine(2, instance)),
    ];
};
const stateFlags = {
    registered: [0x0, ''],
    filtering: [0x2, 'FilteringInitiated'],
    unregistered: [0x1, 'MandatoryUnloadInProgress'],
};
export const instance = (looking, text) => {
    const address = addressIn(looking, text);
    const found = looking.standing.records.instances.find((one) => one.address === address);
    if (found === undefined)
        throw new KdError(`${hex8(address)}: is not an FLT_INSTANCE`);
    const { volume, filter: owner, nodes, pended, running, state } = found;
    return [
        '',
        instanceLine(0, found),
        ...objectLines(address, ObjectFlag.instance, 'Instance'),
        row(1, 'OperationRundownRef', `${nodes.size + pended.size + running}`),
        row(1, 'Flags', state === 'tearing-down' ? '[00000004] TeardownPending' : '[00000000]'),
        row(1, 'Volume', `${hex8(volume.address)} ${quoted(volume.volume.deviceName)}`),
        row(1, 'Filter', `${hex8(owner.address)} ${quoted(owner.name)}`),
        row(1, 'CompletionNodes', `${nodes.size} owed, ${pended.size} pended, ${running} running`),
    ];
};
export const volume = (looking, text) => {
    const address = addressIn(looking, text);
    const found = looking.standing.records.volumes.find((one) => one.address === address);
    if (found === undefined)
        throw new KdError(`${hex8(address)}: is not an FLT_VOLUME`);
    const { records } = looking.standing;
    const { frame, device, volume: mounted } = found;
    const inFrame = (id) => records.volumes.find((one) => one.frame.id === id && one.volume === mounted);
    return [
        '',
        volumeLine(0, found),
        ...objectLines(address, ObjectFlag.volume, 'Volume'),
        row(1, 'Frame', `${hex8(records.frameAddress(frame.id))} ${frameName(frame.id)} `),
        row(1, 'FileSystemType', '[00000002] FLT_FSTYPE_NTFS'),
        row(1, 'DeviceObject', `${hex8(device.address)} `),
        row(1, 'FrameZeroVolume', `${hex8(inFrame(0)?.address ?? 0)} `),
        row(1, 'VolumeInNextFrame', `${hex8(inFrame(frame.id + 1)?.address ?? 0)} `),
        row(1, 'CDODriverName', quoted(mounted.fileSystemDevice.driver.name)),
        row(1, 'TargetedOpenCount', `${mounted.openFiles.size}`),
        row(1, 'InstanceList', ''),
        ...found.instances.map((one) => instanceLine(2, one)),
    ];
};
