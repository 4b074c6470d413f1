/*++

    Checks every load and store of the driver against the shadow: one byte for each 8 bytes of
    memory says how many of them may be touched (README.md). The compiler calls __asan_loadN and
    __asan_storeN before an access (-fsanitize=kernel-address, all checks outlined).

    Models: what Driver Verifier's special pool, and the memory manager's bugchecks 0x50, 0xBE and
    0xD1, find on Windows. Differs: to the byte, and at every access.

--*/

#include "fltlab-runtime.h"

static u8 shadow_of(u32 address)
{
    return *(const u8 *)(SHADOW_BASE + (address >> 3));
}

/* How many bytes, from the first one of the granule, may be touched in this way now. */
static u32 usable(u32 address, u32 is_write)
{
    const u8 shadow = shadow_of(address);
    switch (shadow & ~SHADOW_COUNT_MASK) {
    case SHADOW_PLAIN:
        return shadow;
    case SHADOW_PAGEABLE:
        return CONTROL->irql < DISPATCH_LEVEL ? shadow & SHADOW_COUNT_MASK : 0;
    case SHADOW_READ_ONLY:
        return is_write ? 0 : shadow & SHADOW_COUNT_MASK;
    default:
        return 0;
    }
}

/* The first byte of the range that may not be touched; `end` if there is none. */
static u32 first_bad(u32 address, u32 end, u32 is_write)
{
    while (address < end) {
        if (address >= MEMORY_END) {
            return address;
        }
        const u32 granule = address & ~7u;
        const u32 limit = granule + usable(address, is_write);
        if (address >= limit) {
            return address;
        }
        if (limit < granule + 8) {
            return end <= limit ? end : limit;
        }
        address = granule + 8;
    }
    return end;
}

__attribute__((noinline)) static void check_slowly(u32 address, u32 size, u32 is_write)
{
    u32 bad = address;
    if (address + size >= address) {
        bad = first_bad(address, address + size, is_write);
        if (bad == address + size) {
            return;
        }
    }
    const u32 status = fltlab_report(address, size, is_write, bad);
    if (status != 0) {
        fltlab_raise_access(status, bad, is_write);
    }
}

void fltlab_check(const void *start, size_t size, u32 is_write)
{
    if (size != 0) {
        check_slowly((u32)start, size, is_write);
    }
}

/* The fast path: all 8 bytes of the granule are plain, and the access stays inside it. */
#define CHECK(name, size, is_write)                                                    \
    void __asan_##name##size(u32 address)                                              \
    {                                                                                  \
        if (address >= MEMORY_END || shadow_of(address) != SHADOW_WHOLE ||             \
            (address & 7) + size > 8) {                                                \
            check_slowly(address, size, is_write);                                     \
        }                                                                              \
    }                                                                                  \
    void __asan_##name##size##_noabort(u32 address)                                    \
    {                                                                                  \
        __asan_##name##size(address);                                                  \
    }

CHECK(load, 1, 0)
CHECK(load, 2, 0)
CHECK(load, 4, 0)
CHECK(load, 8, 0)
CHECK(load, 16, 0)
CHECK(store, 1, 1)
CHECK(store, 2, 1)
CHECK(store, 4, 1)
CHECK(store, 8, 1)
CHECK(store, 16, 1)

void __asan_loadN(u32 address, u32 size)
{
    fltlab_check((const void *)address, size, 0);
}

void __asan_storeN(u32 address, u32 size)
{
    fltlab_check((const void *)address, size, 1);
}

void __asan_loadN_noabort(u32 address, u32 size)
{
    fltlab_check((const void *)address, size, 0);
}

void __asan_storeN_noabort(u32 address, u32 size)
{
    fltlab_check((const void *)address, size, 1);
}

/* The compiler announces calls that never return; nothing of ours depends on it. */
void __asan_handle_no_return(void)
{
}
