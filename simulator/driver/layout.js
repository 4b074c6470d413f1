// Offsets of the structures that the loader reads and writes, taken by name out of the table that is
// generated from simulator/include: what a driver is compiled with is what the loader writes.
import { layouts } from './layouts/layouts.generated.ts';
/** The offset of one field; a field inside an unnamed structure by its path ("Create.Options"). */
export function offsetOf(name, field) {
    const fields = layouts[name].fields;
    const found = fields[field];
    if (found === undefined)
        throw new RangeError(`${name} has no field ${field}`);
    return found[0];
}
function offsets(name, fields) {
    const places = Object.fromEntries(fields.map((field) => [field, offsetOf(name, field)]));
    return { ...places, length: layouts[name].size };
}
export const CallbackDataLayout = offsets('FLT_CALLBACK_DATA', [
    'Flags',
    'Thread',
    'Iopb',
    'IoStatus',
    'TagData',
    'FilterContext',
    'RequestorMode',
]);
/** IO_STATUS_BLOCK, wherever it lies. */
export const IoStatusLayout = offsets('IO_STATUS_BLOCK', ['Status', 'Information']);
export const IopbLayout = offsets('FLT_IO_PARAMETER_BLOCK', [
    'IrpFlags',
    'MajorFunction',
    'MinorFunction',
    'OperationFlags',
    'Reserved',
    'TargetFileObject',
    'TargetInstance',
    'Parameters',
]);
export const RelatedObjectsLayout = offsets('FLT_RELATED_OBJECTS', [
    'Size',
    'TransactionContext',
    'Filter',
    'Volume',
    'Instance',
    'FileObject',
    'Transaction',
]);
/** Older versions are shorter. */
export const RegistrationLayout = offsets('FLT_REGISTRATION', [
    'Size',
    'Version',
    'Flags',
    'ContextRegistration',
    'OperationRegistration',
    'FilterUnloadCallback',
    'InstanceSetupCallback',
    'InstanceQueryTeardownCallback',
    'InstanceTeardownStartCallback',
    'InstanceTeardownCompleteCallback',
    'GenerateFileNameCallback',
    'NormalizeNameComponentCallback',
    'TransactionNotificationCallback',
]);
export const OperationRegistrationLayout = offsets('FLT_OPERATION_REGISTRATION', [
    'MajorFunction',
    'Flags',
    'PreOperation',
    'PostOperation',
]);
export const ContextRegistrationLayout = offsets('FLT_CONTEXT_REGISTRATION', [
    'ContextType',
    'Flags',
    'ContextCleanupCallback',
    'Size',
    'PoolTag',
]);
export const FileObjectLayout = offsets('FILE_OBJECT', [
    'Type',
    'Size',
    'DeviceObject',
    'FsContext',
    'FsContext2',
    'SectionObjectPointer',
    'RelatedFileObject',
    'DeletePending',
    'ReadAccess',
    'WriteAccess',
    'DeleteAccess',
    'SharedRead',
    'SharedWrite',
    'SharedDelete',
    'Flags',
    'FileName',
    'CurrentByteOffset',
]);
/** UNICODE_STRING; STRING is the same. */
export const StringLayout = offsets('UNICODE_STRING', ['Length', 'MaximumLength', 'Buffer']);
export const DeviceObjectLayout = offsets('DEVICE_OBJECT', [
    'Type',
    'Size',
    'AttachedDevice',
    'Flags',
    'DeviceType',
    'StackSize',
]);
export const DriverObjectLayout = offsets('DRIVER_OBJECT', [
    'Type',
    'Size',
    'DriverName',
    'DriverUnload',
]);
/** Without the page array that follows. */
export const MdlLayout = offsets('MDL', [
    'Size',
    'MdlFlags',
    'MappedSystemVa',
    'StartVa',
    'ByteCount',
    'ByteOffset',
]);
export const ObjectAttributesLayout = offsets('OBJECT_ATTRIBUTES', [
    'Length',
    'RootDirectory',
    'ObjectName',
    'Attributes',
]);
export const CallbackDataQueueLayout = offsets('FLT_CALLBACK_DATA_QUEUE', [
    'Flags',
    'Instance',
    'InsertIo',
    'RemoveIo',
    'PeekNextIo',
    'Acquire',
    'Release',
    'CompleteCanceledIo',
]);
export const SecurityContextLayout = offsets('IO_SECURITY_CONTEXT', [
    'DesiredAccess',
    'FullCreateOptions',
]);
export const FileNameInformationLayout = offsets('FLT_FILE_NAME_INFORMATION', [
    'Size',
    'NamesParsed',
    'Format',
    'Name',
    'Volume',
    'Extension',
    'Stream',
    'FinalComponent',
    'ParentDir',
]);
/** The beginning of KEVENT, KMUTANT, KSEMAPHORE. */
export const DispatcherLayout = offsets('DISPATCHER_HEADER', ['Type', 'SignalState']);
/** The beginning of every look-aside list, as far as an allocation needs it. */
export const LookasideLayout = offsets('GENERAL_LOOKASIDE', ['Type', 'Tag', 'Size']);
export const WorkQueueItemLayout = offsets('WORK_QUEUE_ITEM', ['WorkerRoutine', 'Parameter']);
export const VersionLayout = offsets('OSVERSIONINFOW', [
    'dwMajorVersion',
    'dwMinorVersion',
    'dwBuildNumber',
    'dwPlatformId',
]);
