/*++

    The string routines of the C library that ntoskrnl exports. This file is compiled with the same
    checks as the driver, so that each letter read or written is checked, and the report names the
    first one that may not be touched.

    Models: the documented behaviour of each routine in the "C" locale, where only ASCII letters
    have a case (RtlUpcaseUnicodeChar, which the simulator implements, knows them all). A string
    without its terminator is a finding at the first byte behind its memory.

--*/

#include "fltlab-runtime.h"

typedef unsigned short wchar;

#define EINVAL 22
#define ERANGE 34
#define TRUNCATE ((size_t)-1)
#define STRUNCATE 80

size_t strlen(const char *string)
{
    size_t length = 0;
    while (string[length] != 0) {
        length++;
    }
    return length;
}

int strncmp(const char *left, const char *right, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        const u8 l = (u8)left[at];
        const u8 r = (u8)right[at];
        if (l != r) {
            return l < r ? -1 : 1;
        }
        if (l == 0) {
            break;
        }
    }
    return 0;
}

int strcmp(const char *left, const char *right)
{
    return strncmp(left, right, TRUNCATE);
}

int tolower(int letter)
{
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
}

int toupper(int letter)
{
    return letter >= 'a' && letter <= 'z' ? letter - 32 : letter;
}

int isdigit(int letter)
{
    return letter >= '0' && letter <= '9';
}

int isspace(int letter)
{
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

int _strnicmp(const char *left, const char *right, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        const int l = tolower((u8)left[at]);
        const int r = tolower((u8)right[at]);
        if (l != r) {
            return l < r ? -1 : 1;
        }
        if (l == 0) {
            break;
        }
    }
    return 0;
}

int _stricmp(const char *left, const char *right)
{
    return _strnicmp(left, right, TRUNCATE);
}

char *strcpy(char *target, const char *source)
{
    size_t at = 0;
    do {
        target[at] = source[at];
    } while (source[at++] != 0);
    return target;
}

char *strncpy(char *target, const char *source, size_t count)
{
    size_t at = 0;
    for (; at < count && source[at] != 0; at++) {
        target[at] = source[at];
    }
    for (; at < count; at++) {
        target[at] = 0;
    }
    return target;
}

char *strchr(const char *string, int letter)
{
    for (;; string++) {
        if (*string == (char)letter) {
            return (char *)string;
        }
        if (*string == 0) {
            return 0;
        }
    }
}

char *strrchr(const char *string, int letter)
{
    const char *found = 0;
    for (;; string++) {
        if (*string == (char)letter) {
            found = string;
        }
        if (*string == 0) {
            return (char *)found;
        }
    }
}

char *strstr(const char *string, const char *part)
{
    const size_t length = strlen(part);
    for (;; string++) {
        if (strncmp(string, part, length) == 0) {
            return (char *)string;
        }
        if (*string == 0) {
            return 0;
        }
    }
}

int atoi(const char *string)
{
    int value = 0;
    int sign = 1;
    while (isspace((u8)*string)) {
        string++;
    }
    if (*string == '-' || *string == '+') {
        sign = *string++ == '-' ? -1 : 1;
    }
    for (; isdigit((u8)*string); string++) {
        value = value * 10 + (*string - '0');
    }
    return sign * value;
}

/* Wide strings. */

size_t wcsnlen(const wchar *string, size_t count)
{
    size_t length = 0;
    while (length < count && string[length] != 0) {
        length++;
    }
    return length;
}

size_t wcslen(const wchar *string)
{
    return wcsnlen(string, TRUNCATE);
}

wchar towlower(wchar letter)
{
    return letter >= 'A' && letter <= 'Z' ? (wchar)(letter + 32) : letter;
}

wchar towupper(wchar letter)
{
    return letter >= 'a' && letter <= 'z' ? (wchar)(letter - 32) : letter;
}

int wcsncmp(const wchar *left, const wchar *right, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (left[at] != right[at]) {
            return left[at] < right[at] ? -1 : 1;
        }
        if (left[at] == 0) {
            break;
        }
    }
    return 0;
}

int wcscmp(const wchar *left, const wchar *right)
{
    return wcsncmp(left, right, TRUNCATE);
}

int _wcsnicmp(const wchar *left, const wchar *right, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        const wchar l = towlower(left[at]);
        const wchar r = towlower(right[at]);
        if (l != r) {
            return l < r ? -1 : 1;
        }
        if (l == 0) {
            break;
        }
    }
    return 0;
}

int _wcsicmp(const wchar *left, const wchar *right)
{
    return _wcsnicmp(left, right, TRUNCATE);
}

wchar *wcscpy(wchar *target, const wchar *source)
{
    size_t at = 0;
    do {
        target[at] = source[at];
    } while (source[at++] != 0);
    return target;
}

wchar *wcsncpy(wchar *target, const wchar *source, size_t count)
{
    size_t at = 0;
    for (; at < count && source[at] != 0; at++) {
        target[at] = source[at];
    }
    for (; at < count; at++) {
        target[at] = 0;
    }
    return target;
}

wchar *wcscat(wchar *target, const wchar *source)
{
    wcscpy(target + wcslen(target), source);
    return target;
}

wchar *wcsncat(wchar *target, const wchar *source, size_t count)
{
    wchar *end = target + wcslen(target);
    for (; count > 0 && *source != 0; count--) {
        *end++ = *source++;
    }
    *end = 0;
    return target;
}

wchar *wcschr(const wchar *string, wchar letter)
{
    for (;; string++) {
        if (*string == letter) {
            return (wchar *)string;
        }
        if (*string == 0) {
            return 0;
        }
    }
}

wchar *wcsrchr(const wchar *string, wchar letter)
{
    const wchar *found = 0;
    for (;; string++) {
        if (*string == letter) {
            found = string;
        }
        if (*string == 0) {
            return (wchar *)found;
        }
    }
}

wchar *wcsstr(const wchar *string, const wchar *part)
{
    const size_t length = wcslen(part);
    for (;; string++) {
        if (wcsncmp(string, part, length) == 0) {
            return (wchar *)string;
        }
        if (*string == 0) {
            return 0;
        }
    }
}

size_t wcsspn(const wchar *string, const wchar *set)
{
    size_t length = 0;
    while (string[length] != 0 && wcschr(set, string[length]) != 0) {
        length++;
    }
    return length;
}

wchar *_wcslwr(wchar *string)
{
    for (wchar *at = string; *at != 0; at++) {
        *at = towlower(*at);
    }
    return string;
}

wchar *_wcsupr(wchar *string)
{
    for (wchar *at = string; *at != 0; at++) {
        *at = towupper(*at);
    }
    return string;
}

/* The _s routines empty the target when they refuse, and return an errno. */

static int refuse(wchar *target, size_t size, int error)
{
    if (target != 0 && size != 0) {
        target[0] = 0;
    }
    return error;
}

int wcsncpy_s(wchar *target, size_t size, const wchar *source, size_t count)
{
    if (target == 0 || size == 0 || source == 0) {
        return refuse(target, size, EINVAL);
    }
    const size_t length = wcsnlen(source, count == TRUNCATE ? size : count);
    if (length >= size && count != TRUNCATE) {
        return refuse(target, size, ERANGE);
    }
    const size_t copied = length < size ? length : size - 1;
    for (size_t at = 0; at < copied; at++) {
        target[at] = source[at];
    }
    target[copied] = 0;
    return copied == length ? 0 : STRUNCATE;
}

int wcscpy_s(wchar *target, size_t size, const wchar *source)
{
    if (target == 0 || size == 0 || source == 0) {
        return refuse(target, size, EINVAL);
    }
    const size_t length = wcsnlen(source, size);
    if (length >= size) {
        return refuse(target, size, ERANGE);
    }
    wcscpy(target, source);
    return 0;
}

int wcscat_s(wchar *target, size_t size, const wchar *source)
{
    if (target == 0 || size == 0 || source == 0) {
        return refuse(target, size, EINVAL);
    }
    const size_t length = wcsnlen(target, size);
    if (length == size) {
        return refuse(target, size, EINVAL);
    }
    if (wcscpy_s(target + length, size - length, source) != 0) {
        return refuse(target, size, ERANGE);
    }
    return 0;
}

static int copy_bytes_s(void *target, size_t size, const void *source, size_t count)
{
    u8 *t = target;
    if (count == 0) {
        return 0;
    }
    if (target == 0) {
        return EINVAL;
    }
    if (source == 0 || size < count) {
        for (size_t at = 0; at < size; at++) {
            t[at] = 0;
        }
        return source == 0 ? EINVAL : ERANGE;
    }
    fltlab_check(source, count, 0);
    fltlab_check(target, count, 1);
    __builtin_memmove(target, source, count);
    return 0;
}

int memcpy_s(void *target, size_t size, const void *source, size_t count)
{
    return copy_bytes_s(target, size, source, count);
}

int memmove_s(void *target, size_t size, const void *source, size_t count)
{
    const u8 *s = source;
    /* Unlike memcpy_s, memmove_s leaves the target alone when it refuses. */
    if (count != 0 && (target == 0 || s == 0)) {
        return EINVAL;
    }
    return size < count ? ERANGE : copy_bytes_s(target, size, source, count);
}
