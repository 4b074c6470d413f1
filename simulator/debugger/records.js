/** The model keeps driver objects and frames without an address: they get one here. */
const DRIVERS = 0x86000000;
const DRIVER_STEP = 0x100;
const FRAMES = 0x86800000;
const FRAME_STEP = 0x200;
export class Records {
    recorder;
    driverAddresses = new Map();
    constructor(recorder) {
        this.recorder = recorder;
        for (const device of this.devices)
            this.driverAddress(device.driver);
    }
    get manager() {
        return this.recorder.driver?.manager ?? null;
    }
    get threads() {
        return this.recorder.machine.scheduler.all;
    }
    get processes() {
        return [...new Set(this.threads.map(({ process }) => process))];
    }
    get irps() {
        return [...this.recorder.tracked.irp];
    }
    get operations() {
        return [...this.recorder.tracked.operation];
    }
    get resources() {
        return [...this.recorder.tracked.resource];
    }
    /** Of one operation, also those whose post-operation has run: their memory keeps them. */
    nodesOf(operation) {
        const byAddress = new Map();
        for (const node of this.recorder.tracked.node) {
            if (node.operation === operation)
                byAddress.set(node.address, node);
        }
        return [...byAddress.values()];
    }
    get devices() {
        return this.recorder.io.volumes.flatMap((volume) => stackOf(volume.fileSystemDevice));
    }
    get volumes() {
        return this.manager?.volumes ?? [];
    }
    get filters() {
        const found = new Set();
        for (const { instances } of this.volumes)
            for (const { filter } of instances)
                found.add(filter);
        for (const filter of this.manager?.all ?? [])
            found.add(filter);
        return [...found];
    }
    get instances() {
        return this.filters.flatMap(({ instances }) => instances);
    }
    get files() {
        const found = new Set();
        for (const { openFiles } of this.recorder.io.volumes)
            for (const file of openFiles)
                found.add(file);
        for (const { stack } of this.irps) {
            for (const { fileObject } of stack)
                if (fileObject !== null)
                    found.add(fileObject);
        }
        for (const { data } of this.operations) {
            if (data.iopb.targetFileObject !== null)
                found.add(data.iopb.targetFileObject);
        }
        return [...found];
    }
    driverAddress(driver) {
        let address = this.driverAddresses.get(driver);
        if (address === undefined) {
            address = DRIVERS + this.driverAddresses.size * DRIVER_STEP;
            this.driverAddresses.set(driver, address);
        }
        return address;
    }
    frameAddress(id) {
        return FRAMES + id * FRAME_STEP;
    }
    threadAt(address) {
        return this.threads.find((one) => one.address === address);
    }
    deviceAt(address) {
        return this.devices.find((one) => one.address === address);
    }
    irpAt(address) {
        return this.irps.find((one) => one.address === address);
    }
    /** Whether the call is on a stack with this callback data, so that memory is ahead of the record. */
    isInCallback(dataAddress) {
        const { stacks, returned } = this.recorder;
        if (returned?.arguments[0] === dataAddress)
            return true;
        for (const stack of stacks.values()) {
            if (stack.some(({ driver, frame }) => driver !== null && frame.arguments[0] === dataAddress)) {
                return true;
            }
        }
        return false;
    }
    /** IRPs that a thread has issued and that have not come back, newest first. */
    irpsOf(thread) {
        return this.irps.filter((irp) => irp.thread === thread).reverse();
    }
}
/** A device and all that is attached above it, the lowest first. */
export function stackOf(lowest) {
    const devices = [];
    for (let one = lowest; one !== null; one = one.attached)
        devices.push(one);
    return devices;
}
