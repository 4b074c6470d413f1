/*++

    The runtime that is linked into every driver image: what its parts share. The numbers are those
    of simulator/image/addressSpace.ts; a test holds the two together. README.md explains them.

--*/

#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int i32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size_t;

#define SYSTEM_BASE 0x00300000u
#define CONTROL_BLOCK 0x00300000u
#define SHADOW_BASE 0x00800000u
#define MEMORY_END 0x04000000u

struct control_block {
    i32 fuel;
    u32 stack_limit;
    u32 irql;
    struct fltlab_frame *seh_head;
};

#define CONTROL ((volatile struct control_block *)CONTROL_BLOCK)

#define SHADOW_COUNT_MASK 0x0fu
#define SHADOW_PLAIN 0x00u
#define SHADOW_PAGEABLE 0x10u
#define SHADOW_READ_ONLY 0x20u
#define SHADOW_WHOLE 0x08u

#define DISPATCH_LEVEL 2u

#define EXHAUSTED_FUEL 1
#define EXHAUSTED_STACK 2

#define UNSUPPORTED_CONTINUE_EXECUTION 1
#define UNSUPPORTED_FILTER_BEHIND_FINALLY 2

#define IMPORT(name) __attribute__((import_module("fltlab"), import_name(#name)))
#define NORETURN __attribute__((noreturn))

u32 fltlab_report(u32 address, u32 size, u32 is_write, u32 bad) IMPORT(report);
void fltlab_exhausted(u32 kind) IMPORT(exhausted);
void fltlab_smashed(void) IMPORT(smashed);
void fltlab_unhandled(u32 code, u32 address) IMPORT(unhandled);
void fltlab_unsupported(u32 kind) IMPORT(unsupported);

/* shadow.c: checks a range and reports it once if a byte of it is not allowed. */
void fltlab_check(const void *start, size_t size, u32 is_write);

/* seh.c */
NORETURN void __fltlab_raise(u32 code);
NORETURN void fltlab_raise_access(u32 code, u32 address, u32 is_write);
