/*++

    Structured exception handling, as the lab rewrites it before it compiles: included in front of
    every unit that has a __try. lab/compile/seh writes the code that uses these names.

    A __try statement pushes a frame on the thread's chain and marks the place by setjmp, which LLVM
    lowers to WebAssembly exceptions. seh.c walks the chain when an exception is raised.

--*/

#pragma once

#define FLTLAB_FRAME_FINALLY 0 /* a termination handler */
#define FLTLAB_FRAME_EXECUTE 1 /* the filter is the constant EXCEPTION_EXECUTE_HANDLER */
#define FLTLAB_FRAME_SEARCH 2  /* the filter is the constant EXCEPTION_CONTINUE_SEARCH */
#define FLTLAB_FRAME_FILTER 3  /* the filter reads no locals: a function, called before unwinding */
#define FLTLAB_FRAME_INLINE 4  /* the filter reads locals: evaluated after jumping to its function */

/* The layout of EXCEPTION_RECORD on 32-bit Windows. */
struct fltlab_exception_record {
    unsigned long code;
    unsigned int flags;
    void *next;
    void *address;
    unsigned int count;
    unsigned int information[15];
};

struct fltlab_frame {
    struct fltlab_frame *previous;
    int kind;
    int (*filter)(struct fltlab_frame *frame);
    /* For a __finally: the frame that takes the exception, while it unwinds; else 0. */
    struct fltlab_frame *target;
    int abnormal;
    /* Where to go on after a __finally that a return, break, continue or goto has entered; or 0. */
    int exit;
    struct {
        struct fltlab_exception_record *record;
        void *context; /* Differs: always NULL */
    } pointers;
    struct fltlab_exception_record record;
    int jump[4];
};

void fltlab_seh_push(struct fltlab_frame *frame, int kind, int (*filter)(struct fltlab_frame *));
void fltlab_seh_pop(struct fltlab_frame *frame);
int fltlab_seh_decide(struct fltlab_frame *frame, int disposition);
void fltlab_seh_end_finally(struct fltlab_frame *frame);

/* LLVM knows it by this name. */
int setjmp(int *jump) __attribute__((returns_twice));

#define __leave goto __fltlab_leave
#define GetExceptionCode() (__fltlab_exception->record.code)
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)&__fltlab_exception->pointers)
#define AbnormalTermination() (__fltlab_finally->abnormal)
#define _exception_code() GetExceptionCode()
#define _exception_info() GetExceptionInformation()
#define _abnormal_termination() AbnormalTermination()
