// fltKernel.h: callback statuses, callback-data flags, pseudo major functions, context types.
// Names and values verbatim.
import { irpMajorName } from './wdm.ts';
export const FltMajor = {
    IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION: 0xff,
    IRP_MJ_RELEASE_FOR_SECTION_SYNCHRONIZATION: 0xfe,
    IRP_MJ_ACQUIRE_FOR_MOD_WRITE: 0xfd,
    IRP_MJ_RELEASE_FOR_MOD_WRITE: 0xfc,
    IRP_MJ_ACQUIRE_FOR_CC_FLUSH: 0xfb,
    IRP_MJ_RELEASE_FOR_CC_FLUSH: 0xfa,
    IRP_MJ_QUERY_OPEN: 0xf9,
    IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE: 0xf3,
    IRP_MJ_NETWORK_QUERY_OPEN: 0xf2,
    IRP_MJ_MDL_READ: 0xf1,
    IRP_MJ_MDL_READ_COMPLETE: 0xf0,
    IRP_MJ_PREPARE_MDL_WRITE: 0xef,
    IRP_MJ_MDL_WRITE_COMPLETE: 0xee,
    IRP_MJ_VOLUME_MOUNT: 0xed,
    IRP_MJ_VOLUME_DISMOUNT: 0xec,
};
/** Acquire and release for sections, modified pages and flushes; not QUERY_OPEN. */
export const isFileSynchronization = (major) => major >= FltMajor.IRP_MJ_RELEASE_FOR_CC_FLUSH &&
    major <= FltMajor.IRP_MJ_ACQUIRE_FOR_SECTION_SYNCHRONIZATION;
export const IRP_MJ_OPERATION_END = 0x80;
export const FltPreopStatus = {
    FLT_PREOP_SUCCESS_WITH_CALLBACK: 0,
    FLT_PREOP_SUCCESS_NO_CALLBACK: 1,
    FLT_PREOP_PENDING: 2,
    FLT_PREOP_DISALLOW_FASTIO: 3,
    FLT_PREOP_COMPLETE: 4,
    FLT_PREOP_SYNCHRONIZE: 5,
    FLT_PREOP_DISALLOW_FSFILTER_IO: 6,
};
export const FltPostopStatus = {
    FLT_POSTOP_FINISHED_PROCESSING: 0,
    FLT_POSTOP_MORE_PROCESSING_REQUIRED: 1,
    FLT_POSTOP_DISALLOW_FSFILTER_IO: 2,
};
export const CallbackDataFlag = {
    FLTFL_CALLBACK_DATA_IRP_OPERATION: 0x1,
    FLTFL_CALLBACK_DATA_FAST_IO_OPERATION: 0x2,
    FLTFL_CALLBACK_DATA_FS_FILTER_OPERATION: 0x4,
    FLTFL_CALLBACK_DATA_SYSTEM_BUFFER: 0x8,
    FLTFL_CALLBACK_DATA_GENERATED_IO: 0x10000,
    FLTFL_CALLBACK_DATA_REISSUED_IO: 0x20000,
    FLTFL_CALLBACK_DATA_DRAINING_IO: 0x40000,
    FLTFL_CALLBACK_DATA_POST_OPERATION: 0x80000,
    FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER: 0x100000,
    FLTFL_CALLBACK_DATA_DIRTY: 0x80000000,
};
export const OperationRegistrationFlag = {
    FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO: 0x1,
    FLTFL_OPERATION_REGISTRATION_SKIP_CACHED_IO: 0x2,
    FLTFL_OPERATION_REGISTRATION_SKIP_NON_DASD_IO: 0x4,
    FLTFL_OPERATION_REGISTRATION_SKIP_NON_CACHED_NON_PAGING_IO: 0x8,
};
export const FltContextType = {
    FLT_VOLUME_CONTEXT: 0x1,
    FLT_INSTANCE_CONTEXT: 0x2,
    FLT_FILE_CONTEXT: 0x4,
    FLT_STREAM_CONTEXT: 0x8,
    FLT_STREAMHANDLE_CONTEXT: 0x10,
    FLT_TRANSACTION_CONTEXT: 0x20,
    FLT_SECTION_CONTEXT: 0x40,
    FLT_CONTEXT_END: 0xffff,
};
export const InstanceSetupFlag = {
    FLTFL_INSTANCE_SETUP_AUTOMATIC_ATTACHMENT: 0x1,
    FLTFL_INSTANCE_SETUP_MANUAL_ATTACHMENT: 0x2,
    FLTFL_INSTANCE_SETUP_NEWLY_MOUNTED_VOLUME: 0x4,
    FLTFL_INSTANCE_SETUP_DETACHED_VOLUME: 0x8,
};
export const FLTFL_POST_OPERATION_DRAINING = 0x1;
export const FLTFL_FILTER_UNLOAD_MANDATORY = 0x1;
const nameOf = (table) => {
    const names = new Map(Object.entries(table).map(([name, value]) => [value, name]));
    return (value) => names.get(value);
};
const pseudoMajorName = nameOf(FltMajor);
const preopName = nameOf(FltPreopStatus);
const postopName = nameOf(FltPostopStatus);
/** What is no value of the enumeration: small numbers as they are, an NTSTATUS in hex. */
const unnamed = (status) => status >= 0 && status < 0x100 ? `${status}` : `0x${(status >>> 0).toString(16)}`;
/** Name of a real or pseudo major function. */
export const fltMajorName = (major) => pseudoMajorName(major) ?? irpMajorName(major);
/** "FLT_PREOP_COMPLETE", or the number when it is none of them. */
export const fltPreopName = (status) => preopName(status) ?? unnamed(status);
/** "FLT_POSTOP_FINISHED_PROCESSING", or the number when it is none of them. */
export const fltPostopName = (status) => postopName(status) ?? unnamed(status);
