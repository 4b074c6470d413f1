/*++

Module Name:

    annotations.c

Abstract:

    The annotations of sal.h, driverspecs.h and kernelspecs.h that drivers are full of, each in a
    place where it may stand. They mean something to static analysis only; here none may be left
    undefined and none may change the code.

--*/

#include <fltKernel.h>
#include <driverspecs.h>

_Must_inspect_result_
_Check_return_
_Success_(return >= 0)
_IRQL_requires_max_(APC_LEVEL)
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_min_(PASSIVE_LEVEL)
_IRQL_requires_same_
_When_(Length > 0, _At_(*Returned, _Out_range_(0, 100)))
_Pre_satisfies_(Length < 100)
_Post_satisfies_(*Returned <= Length)
_Kernel_clear_do_init_(__yes)
NTSTATUS
AllInOne (
    _In_ ULONG Length,
    _In_opt_ PVOID Optional,
    _In_reads_(Length) const UCHAR *Elements,
    _In_reads_opt_(Length) const UCHAR *ElementsOptional,
    _In_reads_bytes_(Length) PVOID Bytes,
    _In_reads_bytes_opt_(Length) PVOID BytesOptional,
    _In_reads_z_(Length) PCSTR Text,
    _In_z_ PCWSTR Wide,
    _In_range_(1, 5) ULONG Ranged,
    _Inout_ PULONG Changed,
    _Inout_opt_ PULONG ChangedOptional,
    _Inout_updates_(Length) PUCHAR Updated,
    _Inout_updates_bytes_(Length) PVOID UpdatedBytes,
    _Inout_updates_bytes_opt_(Length) PVOID UpdatedBytesOptional,
    _Out_ PULONG Returned,
    _Out_opt_ PULONG ReturnedOptional,
    _Out_writes_(Length) PUCHAR Written,
    _Out_writes_opt_(Length) PUCHAR WrittenOptional,
    _Out_writes_to_(Length, *Returned) PUCHAR WrittenTo,
    _Out_writes_bytes_(Length) PVOID WrittenBytes,
    _Out_writes_bytes_opt_(Length) PVOID WrittenBytesOptional,
    _Out_writes_bytes_to_(Length, *Returned) PVOID WrittenBytesTo,
    _Out_writes_bytes_to_opt_(Length, *Returned) PVOID WrittenBytesToOptional,
    _Out_writes_bytes_all_(Length) PVOID WrittenAll,
    _Out_writes_z_(Length) PSTR WrittenText,
    _Outptr_ PVOID *Pointer,
    _Outptr_opt_ PVOID *PointerOptional,
    _Outptr_result_maybenull_ PVOID *PointerMaybe,
    _Outptr_opt_result_maybenull_ PVOID *PointerOptionalMaybe,
    _Outptr_result_bytebuffer_(Length) PVOID *PointerBuffer,
    _Outptr_result_buffer_(Length) PVOID *PointerElements,
    _Deref_out_range_(0, 3) PULONG Deref,
    _Reserved_ PVOID Reserved,
    _Const_ PVOID Constant,
    _Frees_ptr_opt_ PVOID Freed,
    __drv_aliasesMem PVOID Kept,
    __drv_freesMem(Mem) PVOID Given,
    _Pre_maybenull_ PVOID PreMaybe,
    _Post_invalid_ PVOID PostInvalid,
    _Printf_format_string_ PCSTR Format
    );

_IRQL_raises_(DISPATCH_LEVEL)
_IRQL_saves_global_(SpinLock, Lock)
_Acquires_lock_(*Lock)
_Requires_lock_not_held_(*Lock)
_Acquires_exclusive_lock_(*Lock)
_Acquires_shared_lock_(*Lock)
VOID TakeLock (_Inout_ PKSPIN_LOCK Lock, _Out_ _At_(*Irql, _IRQL_saves_) PKIRQL Irql);

_IRQL_restores_global_(SpinLock, Lock)
_Releases_lock_(*Lock)
_Requires_lock_held_(*Lock)
_Releases_exclusive_lock_(*Lock)
_Releases_shared_lock_(*Lock)
VOID GiveLock (_Inout_ PKSPIN_LOCK Lock, _In_ _IRQL_restores_ KIRQL Irql);

__drv_allocatesMem(Mem)
__drv_maxIRQL(DISPATCH_LEVEL)
__drv_requiresIRQL(PASSIVE_LEVEL)
__drv_sameIRQL
__drv_when(1, __drv_reportError("never"))
_Ret_maybenull_
_Post_writable_byte_size_(Size)
PVOID Give (_In_ SIZE_T Size);

_Ret_notnull_ PVOID NotNull (VOID);
_Ret_z_ PCSTR Terminated (VOID);
DECLSPEC_NORETURN _Analysis_noreturn_ VOID Never (VOID);

typedef _Struct_size_bytes_(Size) struct _SIZED {
    ULONG Size;
    _Field_size_bytes_(Size) UCHAR Data[ANYSIZE_ARRAY];
    _Guarded_by_(Lock) ULONG Guarded;
    _Field_size_(Size) PUCHAR Elements;
    _Field_range_(0, 7) ULONG Ranged;
    _Null_terminated_ PCSTR Text;
} SIZED;

_Function_class_(DRIVER_UNLOAD)
_Dispatch_type_(IRP_MJ_CREATE)
DRIVER_UNLOAD Unload;

DRIVER_INITIALIZE DriverEntry;

VOID
Unload (
    _In_ PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER( DriverObject );
    _Analysis_assume_( DriverObject != NULL );
    __analysis_assume( DriverObject != NULL );
}

_Use_decl_annotations_
NTSTATUS
DriverEntry (
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    UNREFERENCED_PARAMETER( RegistryPath );

#pragma warning(push)
#pragma warning(disable:4127 6001)
#pragma prefast(suppress:28175, "a driver may set its own unload routine")
#pragma warning(suppress: 28197)
    DriverObject->DriverUnload = Unload;
#pragma warning(pop)

    return STATUS_SUCCESS;
}
