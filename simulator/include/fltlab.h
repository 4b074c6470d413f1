/*++

    What our headers need of the compiler, and how a prototype names the Windows module that
    exports the routine.

    FLTLAB_IMPORTS_FLTMGR ... FLTLAB_IMPORTS_END wraps prototypes only: for wasm32 each becomes an
    import of that module, which the simulator binds by name; for Windows targets it is nothing.

--*/

#pragma once

#if defined(__wasm__)

#define FLTLAB_IMPORTS_FLTMGR \
    _Pragma("clang attribute push(__attribute__((import_module(\"fltmgr\"))), apply_to=function)")
#define FLTLAB_IMPORTS_NTOSKRNL \
    _Pragma("clang attribute push(__attribute__((import_module(\"ntoskrnl\"))), apply_to=function)")
#define FLTLAB_IMPORTS_END _Pragma("clang attribute pop")

// wasm32 has one calling convention; the keywords would only draw warnings.

#define __stdcall
#define __cdecl
#define __fastcall
#define _stdcall
#define _cdecl
#define _fastcall

// What MSVC predefines for a 32-bit kernel build.

#if !defined(_WIN32)
#define _WIN32 1
#endif
#if !defined(_KERNEL_MODE)
#define _KERNEL_MODE 1
#endif

#else

#define FLTLAB_IMPORTS_FLTMGR
#define FLTLAB_IMPORTS_NTOSKRNL
#define FLTLAB_IMPORTS_END

#endif

// alloc_text, warning(...) and prefast pragmas are MSVC's; they mean nothing here.

#pragma clang diagnostic ignored "-Wunknown-pragmas"
#pragma clang diagnostic ignored "-Wignored-pragma-intrinsic"
#pragma clang diagnostic ignored "-Wmicrosoft-anon-tag"

#if !defined(DBG)
#define DBG 0
#endif

#define NTAPI __stdcall
#define FASTCALL __fastcall
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTKERNELAPI
#define NTHALAPI
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define DECLSPEC_NOINLINE __attribute__((noinline))
#define DECLSPEC_SELECTANY __declspec(selectany)
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_ALIGN(bytes) __declspec(align(bytes))
#define FORCEINLINE __forceinline
#define CFORCEINLINE FORCEINLINE
#define FLTLAB_INLINE static __inline__ __attribute__((unused))
#define NTAPI_INLINE
#define INLINE static __inline__
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER
#define POINTER_32
#define POINTER_64
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#define STDAPICALLTYPE NTAPI
#define CALLBACK NTAPI
#define WINAPI NTAPI
#define WDMAPI

#if defined(_WIN64) || defined(__x86_64__) || defined(__aarch64__)
#define POINTER_ALIGNMENT DECLSPEC_ALIGN(8)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#else
#define POINTER_ALIGNMENT
#define MEMORY_ALLOCATION_ALIGNMENT 8
#endif

#define DECLSPEC_CACHEALIGN DECLSPEC_ALIGN(64)
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
