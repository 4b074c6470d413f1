/*
 * wdm.h for drivers built with clang: mingw-w64's, made to compile for the MSVC target, and what it
 * lacks of later kits (wdm/later.h). ntddk.h and ntifs.h of mingw-w64 include it, so every driver
 * passes here.
 */

#pragma once

/* mingw-w64 hides __attribute__ from compilers other than GCC; alignments in its wdm.h need it. */
#include <_mingw.h>
#undef __attribute__

#include <sdkddkver.h>
#include "later-releases.h"
#include <sal.h>
#include <driverspecs.h>
#include <kernelspecs.h>
#include <ntdef.h>

/* clang does not take the classic definition, a cast of a null pointer, for a constant. */
#undef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)__builtin_offsetof(type, field))

/* Before Windows Vista mingw-w64's wdm.h uses this type without declaring it. */
#if NTDDI_VERSION < NTDDI_VISTA
typedef struct _SYSTEM_POWER_STATE_CONTEXT {
    ULONG ContextAsUlong;
} SYSTEM_POWER_STATE_CONTEXT, *PSYSTEM_POWER_STATE_CONTEXT;
#endif

#include_next <wdm.h>

/*
 * mingw-w64 writes L#exp, which only MSVC turns into one token, for a note in the .pdb. Differs: the
 * note is left out; the failure itself is the same interrupt 2c.
 */
#if DBG
#undef NT_ASSERT
#undef NT_ASSERTMSG
#undef NT_ASSERTMSGW
#define NT_ASSERT(exp) ((!(exp)) ? (DbgRaiseAssertionFailure(), FALSE) : TRUE)
#define NT_ASSERTMSG(msg, exp) NT_ASSERT(exp)
#define NT_ASSERTMSGW(msg, exp) NT_ASSERT(exp)
#endif

#include "wdm/later.h"
