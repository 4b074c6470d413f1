/*++

    Counted string routines that always terminate and say when they cut.

    Models: the public reference of ntstrsafe.h. The routines are inline there too; only formatting
    reaches the kernel's C library.

--*/

#pragma once

#include "wdm.h"

#define NTSTRSAFE_MAX_CCH 2147483647
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))
#define STRSAFE_MAX_CCH NTSTRSAFE_MAX_CCH

typedef char *NTSTRSAFE_PSTR;
typedef const char *NTSTRSAFE_PCSTR;
typedef wchar_t *NTSTRSAFE_PWSTR;
typedef const wchar_t *NTSTRSAFE_PCWSTR;

// Characters of each width: the two families differ in nothing else.

#define FLTLAB_STRSAFE_FAMILY(suffix, character, format)                                          \
    FLTLAB_INLINE NTSTATUS RtlStringCchLength##suffix(const character *Text, size_t Maximum,       \
                                                      size_t *Length)                              \
    {                                                                                              \
        size_t length = 0;                                                                         \
                                                                                                   \
        if (Text == NULL || Maximum > NTSTRSAFE_MAX_CCH) {                                         \
            return STATUS_INVALID_PARAMETER;                                                       \
        }                                                                                          \
        while (length < Maximum && Text[length] != 0) {                                            \
            length += 1;                                                                           \
        }                                                                                          \
        if (length == Maximum) {                                                                   \
            return STATUS_INVALID_PARAMETER;                                                       \
        }                                                                                          \
        if (Length != NULL) {                                                                      \
            *Length = length;                                                                      \
        }                                                                                          \
        return STATUS_SUCCESS;                                                                     \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchCopyN##suffix(character *Target, size_t Size,               \
                                                     const character *Source, size_t Maximum)      \
    {                                                                                              \
        size_t index = 0;                                                                          \
                                                                                                   \
        if (Size == 0 || Size > NTSTRSAFE_MAX_CCH) {                                               \
            return STATUS_INVALID_PARAMETER;                                                       \
        }                                                                                          \
        while (index < Size - 1 && index < Maximum && Source[index] != 0) {                        \
            Target[index] = Source[index];                                                         \
            index += 1;                                                                            \
        }                                                                                          \
        Target[index] = 0;                                                                         \
        return (index < Maximum && Source[index] != 0) ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;  \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchCopy##suffix(character *Target, size_t Size,                \
                                                    const character *Source)                       \
    {                                                                                              \
        return RtlStringCchCopyN##suffix(Target, Size, Source, NTSTRSAFE_MAX_CCH);                 \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchCatN##suffix(character *Target, size_t Size,                \
                                                    const character *Source, size_t Maximum)       \
    {                                                                                              \
        size_t length;                                                                             \
        NTSTATUS status = RtlStringCchLength##suffix(Target, Size, &length);                       \
                                                                                                   \
        if (!NT_SUCCESS(status)) {                                                                 \
            return status;                                                                         \
        }                                                                                          \
        return RtlStringCchCopyN##suffix(Target + length, Size - length, Source, Maximum);         \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchCat##suffix(character *Target, size_t Size,                 \
                                                   const character *Source)                        \
    {                                                                                              \
        return RtlStringCchCatN##suffix(Target, Size, Source, NTSTRSAFE_MAX_CCH);                  \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchVPrintf##suffix(character *Target, size_t Size,             \
                                                       const character *Format,                    \
                                                       va_list Arguments)                          \
    {                                                                                              \
        int written;                                                                               \
                                                                                                   \
        if (Size == 0 || Size > NTSTRSAFE_MAX_CCH) {                                               \
            return STATUS_INVALID_PARAMETER;                                                       \
        }                                                                                          \
        written = format(Target, Size - 1, Format, Arguments);                                     \
        if (written < 0 || (size_t)written > Size - 1) {                                           \
            Target[Size - 1] = 0;                                                                  \
            return STATUS_BUFFER_OVERFLOW;                                                         \
        }                                                                                          \
        Target[written] = 0;                                                                       \
        return STATUS_SUCCESS;                                                                     \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCchPrintf##suffix(character *Target, size_t Size,              \
                                                      const character *Format, ...)                \
    {                                                                                              \
        NTSTATUS status;                                                                           \
        va_list arguments;                                                                         \
                                                                                                   \
        va_start(arguments, Format);                                                               \
        status = RtlStringCchVPrintf##suffix(Target, Size, Format, arguments);                     \
        va_end(arguments);                                                                         \
        return status;                                                                             \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbLength##suffix(const character *Text, size_t Maximum,        \
                                                     size_t *Length)                               \
    {                                                                                              \
        size_t length = 0;                                                                         \
        NTSTATUS status = RtlStringCchLength##suffix(Text, Maximum / sizeof(character), &length);  \
                                                                                                   \
        if (NT_SUCCESS(status) && Length != NULL) {                                                \
            *Length = length * sizeof(character);                                                  \
        }                                                                                          \
        return status;                                                                             \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbCopy##suffix(character *Target, size_t Size,                 \
                                                   const character *Source)                        \
    {                                                                                              \
        return RtlStringCchCopy##suffix(Target, Size / sizeof(character), Source);                 \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbCopyN##suffix(character *Target, size_t Size,                \
                                                    const character *Source, size_t Maximum)       \
    {                                                                                              \
        return RtlStringCchCopyN##suffix(Target, Size / sizeof(character), Source,                 \
                                         Maximum / sizeof(character));                             \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbCat##suffix(character *Target, size_t Size,                  \
                                                  const character *Source)                         \
    {                                                                                              \
        return RtlStringCchCat##suffix(Target, Size / sizeof(character), Source);                  \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbCatN##suffix(character *Target, size_t Size,                 \
                                                   const character *Source, size_t Maximum)        \
    {                                                                                              \
        return RtlStringCchCatN##suffix(Target, Size / sizeof(character), Source,                  \
                                        Maximum / sizeof(character));                              \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbVPrintf##suffix(character *Target, size_t Size,              \
                                                      const character *Format, va_list Arguments)  \
    {                                                                                              \
        return RtlStringCchVPrintf##suffix(Target, Size / sizeof(character), Format, Arguments);   \
    }                                                                                              \
                                                                                                   \
    FLTLAB_INLINE NTSTATUS RtlStringCbPrintf##suffix(character *Target, size_t Size,               \
                                                     const character *Format, ...)                 \
    {                                                                                              \
        NTSTATUS status;                                                                           \
        va_list arguments;                                                                         \
                                                                                                   \
        va_start(arguments, Format);                                                               \
        status = RtlStringCbVPrintf##suffix(Target, Size, Format, arguments);                      \
        va_end(arguments);                                                                         \
        return status;                                                                             \
    }

FLTLAB_STRSAFE_FAMILY(A, char, _vsnprintf)
FLTLAB_STRSAFE_FAMILY(W, wchar_t, _vsnwprintf)

// UNICODE_STRING: the target's MaximumLength is the limit and nothing is terminated.

FLTLAB_INLINE NTSTATUS RtlUnicodeStringValidate(PCUNICODE_STRING SourceString)
{
    if (SourceString == NULL || (SourceString->Length % sizeof(WCHAR)) != 0 ||
        (SourceString->MaximumLength % sizeof(WCHAR)) != 0 ||
        SourceString->Length > SourceString->MaximumLength ||
        (SourceString->Buffer == NULL && SourceString->MaximumLength != 0)) {
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringAppendPart_(PUNICODE_STRING Target, const WCHAR *Source,
                                                   size_t Length)
{
    const size_t room = (size_t)(Target->MaximumLength - Target->Length);
    const size_t copied = Length < room ? Length : room;

    RtlMoveMemory((PCHAR)Target->Buffer + Target->Length, Source, copied);
    Target->Length = (USHORT)(Target->Length + copied);
    return copied < Length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString,
                                           PCUNICODE_STRING SourceString)
{
    return RtlUnicodeStringAppendPart_(DestinationString, SourceString->Buffer,
                                       SourceString->Length);
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString,
                                            PCUNICODE_STRING SourceString)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCat(DestinationString, SourceString);
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString,
                                                 NTSTRSAFE_PCWSTR pszSrc)
{
    return RtlUnicodeStringAppendPart_(DestinationString, pszSrc, wcslen(pszSrc) * sizeof(WCHAR));
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString,
                                                  NTSTRSAFE_PCWSTR pszSrc)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCatString(DestinationString, pszSrc);
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCbCatN(PUNICODE_STRING DestinationString,
                                              PCUNICODE_STRING SourceString, size_t cbToAppend)
{
    return RtlUnicodeStringAppendPart_(
        DestinationString, SourceString->Buffer,
        SourceString->Length < cbToAppend ? SourceString->Length : cbToAppend);
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringCbCopyN(PUNICODE_STRING DestinationString,
                                               PCUNICODE_STRING SourceString, size_t cbToCopy)
{
    DestinationString->Length = 0;
    return RtlUnicodeStringCbCatN(DestinationString, SourceString, cbToCopy);
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString,
                                            NTSTRSAFE_PCWSTR pszSrc)
{
    size_t length = 0;

    DestinationString->Length = 0;
    DestinationString->MaximumLength = 0;
    DestinationString->Buffer = NULL;
    if (pszSrc == NULL) {
        return STATUS_SUCCESS;
    }
    length = wcslen(pszSrc) * sizeof(WCHAR);
    if (length >= 0xfffe) {
        return STATUS_INVALID_PARAMETER;
    }
    DestinationString->Length = (USHORT)length;
    DestinationString->MaximumLength = (USHORT)(length + sizeof(WCHAR));
    DestinationString->Buffer = (PWCH)pszSrc;
    return STATUS_SUCCESS;
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString,
                                               NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    const size_t room = DestinationString->MaximumLength / sizeof(WCHAR);
    const int written = _vsnwprintf(DestinationString->Buffer, room, pszFormat, argList);

    if (written < 0 || (size_t)written > room) {
        DestinationString->Length = (USHORT)(room * sizeof(WCHAR));
        return STATUS_BUFFER_OVERFLOW;
    }
    DestinationString->Length = (USHORT)((size_t)written * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

FLTLAB_INLINE NTSTATUS RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString,
                                              NTSTRSAFE_PCWSTR pszFormat, ...)
{
    NTSTATUS status;
    va_list arguments;

    va_start(arguments, pszFormat);
    status = RtlUnicodeStringVPrintf(DestinationString, pszFormat, arguments);
    va_end(arguments);
    return status;
}
