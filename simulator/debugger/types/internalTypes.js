import { sizeOf } from './driverTypes.ts';
import { I16, I32, I8, opaque, pointerTo, U16, U32, U8, UNNAMED, VOID, } from './type.ts';
const flags = (name, values = {}) => ({
    kind: 'enum',
    name,
    size: 4,
    values: new Map(Object.entries(values).map(([value, text]) => [Number(value), text])),
});
const enums = [
    flags('_FLT_TYPE', { 1: 'FLTFL_OBJECT' }),
    flags('_IRP_CTRL_FLAGS'),
    flags('_FLT_VOLUME_FLAGS'),
    flags('_FLT_OBJECT_FLAGS'),
    flags('_FLT_INSTANCE_FLAGS'),
    flags('_FLT_FILTER_FLAGS'),
    flags('_IRP_CALL_CTRL_FLAGS'),
    flags('_FLT_FILESYSTEM_TYPE', {
        0: 'FLT_FSTYPE_UNKNOWN',
        1: 'FLT_FSTYPE_RAW',
        2: 'FLT_FSTYPE_NTFS',
    }),
];
/** FLT_OBJECT takes 0x14 bytes in both. */
const shared = {
    _FLT_OBJECT: {
        size: 0x14,
        rows: [
            [0x0, 'Flags', '_FLT_OBJECT_FLAGS'],
            [0x4, 'PointerCount', 'u32'],
            [0x8, 'RundownRef', '_EX_RUNDOWN_REF'],
            [0xc, 'PrimaryLink', '_LIST_ENTRY'],
        ],
    },
    _FLT_INSTANCE: {
        size: 0x1c,
        rows: [
            [0x0, 'Base', '_FLT_OBJECT'],
            [0x18, 'Volume', '_FLT_VOLUME *'],
        ],
    },
    _FLT_VOLUME: {
        size: 0x20,
        rows: [
            [0x0, 'Base', '_FLT_OBJECT'],
            [0x14, 'Flags', '_FLT_VOLUME_FLAGS'],
            [0x18, 'FileSystemType', '_FLT_FILESYSTEM_TYPE'],
            [0x1c, 'DeviceObject', '_DEVICE_OBJECT *'],
        ],
    },
    _IRP_CALL_CTRL: {
        size: 0x18,
        rows: [
            [0x0, 'Volume', '_FLT_VOLUME *'],
            [0x4, 'Irp', '_IRP *'],
            [0x8, 'IrpCtrl', '_IRP_CTRL *'],
            [0xc, 'StartingCallbackNode', '_CALLBACK_NODE *'],
            [0x10, 'OperationStatusCallbackListHead', '_SINGLE_LIST_ENTRY'],
            [0x14, 'Flags', '_IRP_CALL_CTRL_FLAGS'],
        ],
    },
    _COMPLETION_NODE: { size: 0x48, rows: [[0x18, 'DataSnapshot', '_FLT_IO_PARAMETER_BLOCK']] },
};
const windowsXp = {
    ...shared,
    _IRP_CTRL: {
        size: 0xb4,
        rows: [
            [0x0, 'Type', '_FLT_TYPE'],
            [0x40, 'FileObject', '_FILE_OBJECT *'],
            [0x5c, 'Data', '_FLT_CALLBACK_DATA'],
        ],
    },
};
const windows7 = {
    ...shared,
    _IRP_CTRL: {
        size: 0xb8,
        rows: [
            [0x0, 'Type', '_FLT_TYPE'],
            [0x4, 'Flags', '_IRP_CTRL_FLAGS'],
            [0x8, 'MajorFunction', 'u8'],
            [0x9, 'Reserved0', 'u8'],
            [0xa, 'CompletionStackLength', 'u8'],
            [0xb, 'NextCompletion', 'u8'],
            [0xc, 'CompletionStack', '_COMPLETION_NODE *'],
            [0x10, 'SyncEvent', '_KEVENT'],
            [0x20, 'Irp', '_IRP *'],
            [0x20, 'FsFilterData', '_FS_FILTER_CALLBACK_DATA *'],
            [0x24, 'AsyncCompletionRoutine', 'routine'],
            [0x28, 'AsyncCompletionContext', 'void *'],
            [0x2c, 'InitiatingInstance', '_FLT_INSTANCE *'],
            [0x30, 'PendingCallbackNode', '_CALLBACK_NODE *'],
            [0x30, 'StartingCallbackNode', '_CALLBACK_NODE *'],
            [0x34, 'preOp', 'unnamed'],
            [0x34, 'postOp', 'unnamed'],
            [0x38, 'PostCompletionRoutine', 'routine'],
            [0x3c, 'DeviceObject', '_DEVICE_OBJECT *'],
            [0x40, 'FileObject', '_FILE_OBJECT *'],
        ],
    },
    // Of the kernel of Windows 7 SP1; what public dumps of its symbols show.
    _KTHREAD: {
        size: 0x200,
        rows: [
            [0x0, 'Header', '_DISPATCHER_HEADER'],
            [0x40, 'ApcState', '_KAPC_STATE'],
            [0x57, 'Priority', 'i8'],
            [0x68, 'State', 'u8'],
            [0x6a, 'WaitIrql', 'u8'],
            [0x6b, 'WaitMode', 'i8'],
            [0x6c, 'WaitStatus', 'i32'],
            [0x84, 'KernelApcDisable', 'i16'],
            [0x86, 'SpecialApcDisable', 'i16'],
            [0x84, 'CombinedApcDisable', 'u32'],
        ],
    },
};
const simple = {
    u8: U8,
    u16: U16,
    u32: U32,
    i8: I8,
    i16: I16,
    i32: I32,
    'void *': pointerTo(VOID),
    routine: pointerTo({ kind: 'function', returns: 'void ' }),
    unnamed: { kind: 'struct', name: UNNAMED, isUnion: true, size: 4, fields: [] },
};
/** Internal structures of a version of Windows. `findPublic`: those that they are made of. */
export class InternalTypes {
    tables;
    findPublic;
    built = new Map();
    constructor(profile, findPublic) {
        this.tables = profile.irpCtrl === 'xp' ? windowsXp : windows7;
        this.findPublic = findPublic;
    }
    has(name) {
        return Object.hasOwn(this.tables, name);
    }
    /** Known by name in some version, whatever this one shows. */
    static isInternal(name) {
        return Object.hasOwn(windows7, name) || Object.hasOwn(windowsXp, name) || others.has(name);
    }
    find(name) {
        const known = this.built.get(name);
        if (known !== undefined)
            return known;
        const table = Object.hasOwn(this.tables, name) ? this.tables[name] : undefined;
        if (table === undefined)
            return undefined;
        let fields = null;
        const read = () => table.rows.map((row) => this.fieldOf(row));
        const structure = {
            kind: 'struct',
            name,
            isUnion: false,
            size: table.size,
            get fields() {
                return (fields ??= read());
            },
        };
        this.built.set(name, structure);
        return structure;
    }
    fieldOf([offset, name, text]) {
        const type = this.typeOf(text);
        return { name, offset, size: sizeOf(type), type };
    }
    typeOf(text) {
        const known = simple[text] ?? enums.find((one) => one.kind === 'enum' && one.name === text);
        if (known !== undefined)
            return known;
        if (text.endsWith(' *'))
            return pointerTo(this.structure(text.slice(0, -2)));
        return this.structure(text);
    }
    structure(name) {
        return this.findPublic(name) ?? this.find(name) ?? opaque(name);
    }
}
/** Internal structures that the model has no image of. */
const others = new Set([
    '_CALLBACK_NODE',
    '_EPROCESS',
    '_ETHREAD',
    '_FLT_FILTER',
    '_FLTP_FRAME',
    '_KPROCESS',
]);
