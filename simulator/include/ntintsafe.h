/*++

    Integer arithmetic that says when it overflows.

--*/

#pragma once

#include "wdm.h"

#define INTSAFE_SUCCESS STATUS_SUCCESS
#define INTSAFE_E_ARITHMETIC_OVERFLOW STATUS_INTEGER_OVERFLOW

#define FLTLAB_INTSAFE(name, type, builtin)                                \
    FLTLAB_INLINE NTSTATUS name(type Left, type Right, type *Result)        \
    {                                                                       \
        if (builtin(Left, Right, Result)) {                                 \
            *Result = (type)~(type)0;                                       \
            return STATUS_INTEGER_OVERFLOW;                                 \
        }                                                                   \
        return STATUS_SUCCESS;                                              \
    }

FLTLAB_INTSAFE(RtlULongAdd, ULONG, __builtin_add_overflow)
FLTLAB_INTSAFE(RtlULongSub, ULONG, __builtin_sub_overflow)
FLTLAB_INTSAFE(RtlULongMult, ULONG, __builtin_mul_overflow)
FLTLAB_INTSAFE(RtlUShortAdd, USHORT, __builtin_add_overflow)
FLTLAB_INTSAFE(RtlUShortSub, USHORT, __builtin_sub_overflow)
FLTLAB_INTSAFE(RtlUShortMult, USHORT, __builtin_mul_overflow)
FLTLAB_INTSAFE(RtlSizeTAdd, SIZE_T, __builtin_add_overflow)
FLTLAB_INTSAFE(RtlSizeTSub, SIZE_T, __builtin_sub_overflow)
FLTLAB_INTSAFE(RtlSizeTMult, SIZE_T, __builtin_mul_overflow)
FLTLAB_INTSAFE(RtlULongLongAdd, ULONGLONG, __builtin_add_overflow)
FLTLAB_INTSAFE(RtlULongLongSub, ULONGLONG, __builtin_sub_overflow)
FLTLAB_INTSAFE(RtlULongPtrAdd, ULONG_PTR, __builtin_add_overflow)
FLTLAB_INTSAFE(RtlULongPtrSub, ULONG_PTR, __builtin_sub_overflow)

#define FLTLAB_INTSAFE_NARROW(name, from, to)                \
    FLTLAB_INLINE NTSTATUS name(from Operand, to *Result)    \
    {                                                        \
        if (Operand > (from)(to)~(to)0) {                    \
            *Result = (to)~(to)0;                            \
            return STATUS_INTEGER_OVERFLOW;                  \
        }                                                    \
        *Result = (to)Operand;                               \
        return STATUS_SUCCESS;                               \
    }

FLTLAB_INTSAFE_NARROW(RtlULongToUShort, ULONG, USHORT)
FLTLAB_INTSAFE_NARROW(RtlSizeTToUShort, SIZE_T, USHORT)
FLTLAB_INTSAFE_NARROW(RtlSizeTToULong, SIZE_T, ULONG)
FLTLAB_INTSAFE_NARROW(RtlULongLongToULong, ULONGLONG, ULONG)
