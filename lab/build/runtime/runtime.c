/*++

Module Name:

    runtime.c

Abstract:

    The little that a compiler for Windows expects of every image and that the kernel does not
    export. It is linked into each driver. Each routine has a section of its own, which the linker
    leaves out of a driver that does not use it.

--*/

/* The mark of a program that uses floating point; its address is taken, its value never read. */
__declspec(selectany) int _fltused = 0x9875;

/*
 * Called on entry to a routine whose locals are larger than a page, with their size in rax: touches
 * each page downwards, so that a stack that is too small meets its guard page instead of what lies
 * beyond it. Keeps every register.
 */
__asm__(".section .text$chkstk,\"xr\",discard,__chkstk\n"
        ".globl __chkstk\n"
        "__chkstk:\n"
        "    pushq %rcx\n"
        "    pushq %rax\n"
        "    leaq 24(%rsp), %rcx\n"
        "1:  cmpq $0x1000, %rax\n"
        "    jb 2f\n"
        "    subq $0x1000, %rcx\n"
        "    testq %rcx, (%rcx)\n"
        "    subq $0x1000, %rax\n"
        "    jmp 1b\n"
        "2:  subq %rax, %rcx\n"
        "    testq %rcx, (%rcx)\n"
        "    popq %rax\n"
        "    popq %rcx\n"
        "    retq\n"
        ".text\n");

/* Intrinsics of MSVC that clang declares and does not make: IRQL on x64 is control register 8. */
__asm__(".section .text$readcr8,\"xr\",discard,__readcr8\n"
        ".globl __readcr8\n"
        "__readcr8:\n"
        "    movq %cr8, %rax\n"
        "    retq\n"
        ".section .text$writecr8,\"xr\",discard,__writecr8\n"
        ".globl __writecr8\n"
        "__writecr8:\n"
        "    movl %ecx, %ecx\n"
        "    movq %rcx, %cr8\n"
        "    retq\n"
        ".text\n");
