import { irpCtrlLayout } from '../filter-manager/index.ts';
import { shownParameters } from '../filter-manager/index.ts';
const IRP_LENGTH = 0x70;
const LOCATION_LENGTH = 0x24;
const DEVICE_LENGTH = 0xb8;
const USER_MODE = 1;
const FILE_DEVICE_DISK_FILE_SYSTEM = 8;
/** IRP_CTRL.Flags, as a transcript names them. */
export const IrpCtrlFlag = { DontCopyParms: 0x4, FixedAlloc: 0x10000000 };
const ThreadState = { ready: 1, running: 2, ended: 4, waiting: 5 };
const NO_CALLBACK_NODE = 0xffffffff;
const NTFS = 2;
export class Images {
    records;
    book;
    space;
    constructor(records, book, space) {
        this.records = records;
        this.book = book;
        this.space = space;
    }
    /** Puts the images of all that there is into the space. */
    putAll() {
        const { records } = this;
        for (const thread of records.threads)
            this.putThread(thread);
        for (const device of records.devices)
            this.putDevice(device);
        for (const resource of records.resources)
            this.putResource(resource);
        for (const file of records.files)
            this.putFile(file);
        for (const irp of records.irps)
            this.putIrp(irp);
        for (const volume of records.volumes)
            this.putVolume(volume);
        for (const instance of records.instances)
            this.putInstance(instance);
        for (const operation of records.operations)
            this.putOperation(operation);
    }
    /** An image alone, for what lies inside something else. */
    encode(type, values, length) {
        const found = this.book.find(type, 'x86');
        if (found.kind !== 'found')
            return new Uint8Array(length ?? 0);
        const bytes = new Uint8Array(Math.max(length ?? 0, found.structure.size));
        const view = new DataView(bytes.buffer);
        for (const [path, value] of Object.entries(values)) {
            const field = this.book.member(found.structure, path);
            if (field === undefined)
                continue;
            write(view, field.offset, field.size, value);
        }
        return bytes;
    }
    put(address, type, values, length) {
        if (address !== 0)
            this.space.put(address, this.encode(type, values, length));
    }
    putThread(thread) {
        const pending = thread.apcQueue.length > 0;
        this.put(thread.address, '_KTHREAD', {
            'Header.Type': 6,
            State: ThreadState[thread.state],
            WaitIrql: thread.irql,
            KernelApcDisable: -thread.criticalRegions,
            SpecialApcDisable: -thread.guardedRegions,
            'ApcState.Process': thread.process.address,
            'ApcState.KernelApcPending': pending ? 1 : 0,
        }, this.records.recorder.machine.pool.blockAt(thread.address)?.length);
    }
    putDevice(device) {
        this.put(device.address, '_DEVICE_OBJECT', {
            Type: 3,
            Size: DEVICE_LENGTH,
            ReferenceCount: device.volume?.openFiles.size ?? 0,
            DriverObject: this.records.driverAddress(device.driver),
            AttachedDevice: device.attached?.address ?? 0,
            Flags: device.ioFlags ?? 0,
            DeviceExtension: device.address + DEVICE_LENGTH,
            DeviceType: FILE_DEVICE_DISK_FILE_SYSTEM,
            StackSize: device.stackSize,
        });
        this.putDriver(device.driver, device);
    }
    putDriver(driver, device) {
        const address = this.records.driverAddress(driver);
        const text = address + 0xa8;
        this.space.put(text, wide(driver.name));
        this.put(address, '_DRIVER_OBJECT', {
            Type: 4,
            Size: 0xa8,
            DeviceObject: device.address,
            ...unicode('DriverName', text, driver.name),
        });
    }
    putResource(resource) {
        this.put(resource.address, '_ERESOURCE', {
            ActiveCount: resource.exclusive ? 1 : resource.owners.size,
            Flag: resource.exclusive ? 0x80 : 0,
        });
    }
    putFile(file) {
        const flags = {
            readAccess: 'ReadAccess',
            writeAccess: 'WriteAccess',
            deleteAccess: 'DeleteAccess',
        };
        const access = Object.entries(flags).map(([key, name]) => [
            name,
            file[key] ? 1 : 0,
        ]);
        const known = this.space.u32(file.address + FILE_NAME_BUFFER) ?? 0;
        this.put(file.address, '_FILE_OBJECT', {
            Type: 5,
            Size: 0x80,
            DeviceObject: file.device.address,
            FsContext: this.space.u32(file.address + FS_CONTEXT) ?? 0,
            FsContext2: this.space.u32(file.address + FS_CONTEXT + 4) ?? 0,
            RelatedFileObject: file.relatedFileObject?.address ?? 0,
            DeletePending: file.deletePending ? 1 : 0,
            ...Object.fromEntries(access),
            SharedRead: file.sharedRead ? 1 : 0,
            SharedWrite: file.sharedWrite ? 1 : 0,
            SharedDelete: file.sharedDelete ? 1 : 0,
            Flags: file.flags,
            ...unicode('FileName', known === 0 ? this.textFor(file) : known, file.fileName),
            'CurrentByteOffset.QuadPart': BigInt(file.currentByteOffset),
        });
    }
    /** Where the text of a name lies that no driver has been shown. */
    textFor(file) {
        if (file.fileName === '')
            return 0;
        const address = FILE_NAMES + file.address;
        this.space.put(address, wide(file.fileName));
        return address;
    }
    putIrp(irp) {
        const length = IRP_LENGTH + irp.stackCount * LOCATION_LENGTH;
        const current = irp.address + IRP_LENGTH + (irp.currentLocation - 1) * LOCATION_LENGTH;
        this.put(irp.address, '_IRP', {
            Type: 6,
            Size: length,
            MdlAddress: irp.mdl?.address ?? 0,
            Flags: irp.flags,
            'AssociatedIrp.SystemBuffer': irp.systemBuffer,
            'IoStatus.Status': irp.ioStatus.status,
            'IoStatus.Information': irp.ioStatus.information,
            RequestorMode: irp.requestorMode === 'user' ? USER_MODE : 0,
            PendingReturned: irp.pendingReturned ? 1 : 0,
            StackCount: irp.stackCount,
            CurrentLocation: irp.currentLocation,
            Cancel: irp.cancel ? 1 : 0,
            UserBuffer: irp.userBuffer,
            'Tail.Overlay.Thread': irp.thread.address,
            'Tail.Overlay.CurrentStackLocation': current,
            'Tail.Overlay.OriginalFileObject': irp.stack.at(-1)?.fileObject?.address ?? 0,
        });
        irp.stack.forEach((location, index) => {
            this.putLocation(irp.address + IRP_LENGTH + index * LOCATION_LENGTH, location);
        });
    }
    putLocation(address, location) {
        this.put(address, '_IO_STACK_LOCATION', {
            MajorFunction: location.majorFunction,
            MinorFunction: location.minorFunction,
            Flags: location.flags,
            Control: location.control,
            DeviceObject: location.device?.address ?? 0,
            FileObject: location.fileObject?.address ?? 0,
            ...argumentsOf('Parameters.Others.Argument', location.parameters),
        });
    }
    putVolume(volume) {
        this.put(volume.address, '_FLT_VOLUME', {
            'Base.Flags': 0x04000000,
            'Base.PointerCount': 1,
            FileSystemType: NTFS,
            DeviceObject: volume.device.address,
        });
    }
    putInstance(instance) {
        this.put(instance.address, '_FLT_INSTANCE', {
            'Base.Flags': 0x01000000,
            'Base.PointerCount': 1,
            Volume: instance.volume.address,
        });
    }
    putOperation(operation) {
        const { data } = operation;
        const layout = irpCtrlLayout(this.records.recorder.machine.profile);
        const control = this.encode('_IRP_CTRL', irpCtrlValues(operation), layout.callbackData);
        // What follows has records of its own.
        this.space.put(operation.address, control.subarray(0, layout.callbackData));
        for (const node of this.records.nodesOf(operation))
            this.putNode(node, layout.nodeSnapshot);
        const { working } = operation;
        const workingAddress = operation.address + layout.workingIopb;
        if (working !== null)
            this.putIopb(workingAddress, working);
        // While a callback of the driver runs, what it writes is in memory and not in the record yet.
        if (this.records.isInCallback(data.address))
            return;
        this.put(data.address, '_FLT_CALLBACK_DATA', {
            Flags: data.flags,
            Thread: data.thread.address,
            Iopb: data.iopbAddress,
            'IoStatus.Status': data.ioStatus.status,
            'IoStatus.Information': data.ioStatus.information,
            RequestorMode: data.requestorMode === 'user' ? USER_MODE : 0,
        });
        this.putIopb(data.iopbAddress, data.iopb);
    }
    putNode(node, snapshot) {
        const { data } = node.operation;
        if (data.iopbAddress === node.address + snapshot && this.records.isInCallback(data.address))
            return;
        this.putIopb(node.address + snapshot, node.snapshot);
    }
    putIopb(address, iopb) {
        this.put(address, '_FLT_IO_PARAMETER_BLOCK', iopbValues(iopb));
    }
}
const FS_CONTEXT = 0xc;
const FILE_NAME_BUFFER = 0x34;
/** Added to a file object's address: where its name would lie. */
const FILE_NAMES = 0x90000000;
/** Nodes that are still owed, and the one whose post-operation runs. */
export const nextCompletion = ({ nodes, hold }) => nodes.length + (hold?.node ? 1 : 0);
function irpCtrlValues(operation) {
    const { data, hold } = operation;
    const unchanged = operation.parametersChanged ? 0 : IrpCtrlFlag.DontCopyParms;
    return {
        Flags: IrpCtrlFlag.FixedAlloc | unchanged,
        MajorFunction: data.iopb.majorFunction,
        CompletionStackLength: operation.volume.frame.completionNodes,
        NextCompletion: nextCompletion(operation),
        CompletionStack: hold?.node?.address ?? operation.nodes.at(-1)?.address ?? 0,
        Irp: operation.irp?.address ?? 0,
        DeviceObject: operation.goesTo.device.address,
        FileObject: data.iopb.targetFileObject?.address ?? 0,
    };
}
/** IRP_CALL_CTRL of the frame that an operation arrived at. */
export const irpCallCtrlValues = (operation) => ({
    Volume: operation.volume.address,
    Irp: operation.irp?.address ?? 0,
    IrpCtrl: operation.address,
    StartingCallbackNode: NO_CALLBACK_NODE,
});
const memberOf = {
    create: 'Create',
    read: 'Read',
    write: 'Write',
    'notify-directory': 'DirectoryControl.NotifyDirectory',
    'query-directory': 'DirectoryControl.QueryDirectory',
    'query-information': 'QueryFileInformation',
    'set-information': 'SetFileInformation',
    'query-security': 'QuerySecurity',
    'set-security': 'SetSecurity',
    'fs-control': 'FileSystemControl.Buffered',
    'query-ea': 'QueryEa',
    'set-ea': 'SetEa',
    lock: 'LockControl',
    'fast-io-check-if-possible': 'FastIoCheckIfPossible',
    'network-query-open': 'NetworkQueryOpen',
    'query-open': 'QueryOpen',
    'mdl-read': 'MdlRead',
    'mdl-read-complete': 'MdlReadComplete',
    'prepare-mdl-write': 'PrepareMdlWrite',
    'mdl-write-complete': 'MdlWriteComplete',
};
export function iopbValues(iopb) {
    const member = memberOf[iopb.parameters.operation.kind];
    const parameters = Object.entries(shownParameters(iopb.parameters)).flatMap(([name, value]) => {
        const number = typeof value === 'string' ? Number(value) : (value ?? 0);
        // Names and lists that the model keeps decoded have no address.
        if (member === undefined || Number.isNaN(number))
            return [];
        return [[`Parameters.${member}.${name}`, number]];
    });
    return {
        IrpFlags: iopb.irpFlags,
        MajorFunction: iopb.majorFunction,
        MinorFunction: iopb.minorFunction,
        OperationFlags: iopb.operationFlags,
        TargetFileObject: iopb.targetFileObject?.address ?? 0,
        TargetInstance: iopb.targetInstance?.address ?? 0,
        ...Object.fromEntries(parameters),
    };
}
/** The first words of a stack location's parameters, as a dump shows them. */
function argumentsOf(prefix, parameters) {
    const words = Object.values(parameters).filter((value) => typeof value === 'number');
    return Object.fromEntries(words.slice(0, 4).map((word, index) => [`${prefix}${index + 1}`, word]));
}
const wide = (text) => {
    const bytes = new Uint8Array(text.length * 2);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < text.length; index += 1) {
        view.setUint16(index * 2, text.charCodeAt(index), true);
    }
    return bytes;
};
const unicode = (field, address, text) => ({
    [`${field}.Length`]: text.length * 2,
    [`${field}.MaximumLength`]: text.length * 2,
    [`${field}.Buffer`]: address,
});
function write(view, offset, size, value) {
    if (offset + size > view.byteLength)
        return;
    if (size === 8)
        view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), true);
    else if (size === 4)
        view.setUint32(offset, Number(BigInt.asUintN(32, BigInt(value))), true);
    else if (size === 2)
        view.setUint16(offset, Number(value) & 0xffff, true);
    else
        view.setUint8(offset, Number(value) & 0xff);
}
