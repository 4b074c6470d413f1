/*++

    The memory routines of the C library, and the Rtl routines that wdm.h defines by them. Ranges are
    checked as a whole, source first; then the copy itself is one WebAssembly instruction.

--*/

#include "fltlab-runtime.h"

static void check_read(const void *start, size_t size)
{
    fltlab_check(start, size, 0);
}

static void check_write(void *start, size_t size)
{
    fltlab_check(start, size, 1);
}

void *memmove(void *target, const void *source, size_t size)
{
    check_read(source, size);
    check_write(target, size);
    __builtin_memmove(target, source, size);
    return target;
}

/* Differs: overlapping ranges are copied as memmove would. */
void *memcpy(void *target, const void *source, size_t size)
{
    return memmove(target, source, size);
}

void *memset(void *target, int value, size_t size)
{
    check_write(target, size);
    __builtin_memset(target, value, size);
    return target;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const u8 *l = left;
    const u8 *r = right;
    check_read(left, size);
    check_read(right, size);
    for (size_t at = 0; at < size; at++) {
        if (l[at] != r[at]) {
            return l[at] < r[at] ? -1 : 1;
        }
    }
    return 0;
}

/* Models: RtlCompareMemory: the number of equal bytes before the first difference. */
size_t RtlCompareMemory(const void *left, const void *right, size_t size)
{
    const u8 *l = left;
    const u8 *r = right;
    size_t at = 0;
    check_read(left, size);
    check_read(right, size);
    while (at < size && l[at] == r[at]) {
        at++;
    }
    return at;
}

/* What instrumented code calls for copies of structures. */

void *__asan_memcpy(void *target, const void *source, size_t size)
{
    return memmove(target, source, size);
}

void *__asan_memmove(void *target, const void *source, size_t size)
{
    return memmove(target, source, size);
}

void *__asan_memset(void *target, int value, size_t size)
{
    return memset(target, value, size);
}
