/*++

    Raises exceptions and unwinds them along the chain of frames of fltlab-seh.h.

    Models: RtlDispatchException and RtlUnwind. First every filter is asked, from the innermost frame
    outwards, while nothing has been unwound; then the __finally blocks up to the frame that takes the
    exception run, then its handler. An exception that nobody takes unwinds nothing.

    Differs: a filter that reads locals can only run after jumping to its function. If a __finally
    stands between, that order cannot be kept, and the simulation refuses (fltlab.unsupported).

--*/

#include "fltlab-runtime.h"
#include "fltlab-seh.h"

#define EXECUTE_HANDLER 1
#define CONTINUE_SEARCH 0

#define HEAD (CONTROL->seh_head)

/* LLVM's setjmp and longjmp for WebAssembly: what lowered code calls. */

struct jump {
    void *invocation;
    u32 label;
    struct {
        void *jump;
        int value;
    } thrown;
};

_Static_assert(sizeof(struct jump) == sizeof(((struct fltlab_frame *)0)->jump), "a jump fits");

#define TAG_C_LONGJMP 1

void __wasm_setjmp(void *jump, u32 label, void *invocation)
{
    struct jump *j = jump;
    j->invocation = invocation;
    j->label = label;
}

u32 __wasm_setjmp_test(void *jump, void *invocation)
{
    struct jump *j = jump;
    return j->invocation == invocation ? j->label : 0;
}

NORETURN void __wasm_longjmp(void *jump, int value)
{
    struct jump *j = jump;
    j->thrown.jump = jump;
    j->thrown.value = value;
    __builtin_wasm_throw(TAG_C_LONGJMP, &j->thrown);
}

void fltlab_seh_push(struct fltlab_frame *frame, int kind, int (*filter)(struct fltlab_frame *))
{
    frame->previous = HEAD;
    frame->kind = kind;
    frame->filter = filter;
    frame->target = 0;
    frame->abnormal = 0;
    frame->exit = 0;
    HEAD = frame;
}

/* Pops frames inside of it, too: a return leaves several at once. */
void fltlab_seh_pop(struct fltlab_frame *frame)
{
    HEAD = frame->previous;
}

static void give(struct fltlab_frame *frame, const struct fltlab_exception_record *record)
{
    frame->record = *record;
    frame->pointers.record = &frame->record;
    frame->pointers.context = 0;
}

/* Jumps to the next frame on the way to `target`: a __finally before it, or the target itself. */
NORETURN static void unwind(struct fltlab_frame *target, const struct fltlab_exception_record *record)
{
    struct fltlab_frame *frame = HEAD;
    while (frame != target && frame->kind != FLTLAB_FRAME_FINALLY) {
        frame = frame->previous;
    }
    if (frame != target) {
        frame->target = target;
        frame->abnormal = 1;
    }
    if (&frame->record != record) {
        give(frame, record);
    }
    HEAD = frame->previous;
    __wasm_longjmp(frame->jump, 1);
}

/* Asks the filters from the innermost frame on. */
NORETURN static void dispatch(const struct fltlab_exception_record *record)
{
    int behind_finally = 0;
    for (struct fltlab_frame *frame = HEAD; frame != 0; frame = frame->previous) {
        int disposition = CONTINUE_SEARCH;
        switch (frame->kind) {
        case FLTLAB_FRAME_FINALLY:
            behind_finally = 1;
            break;
        case FLTLAB_FRAME_EXECUTE:
            disposition = EXECUTE_HANDLER;
            break;
        case FLTLAB_FRAME_FILTER:
            give(frame, record);
            disposition = frame->filter(frame);
            break;
        case FLTLAB_FRAME_INLINE:
            if (behind_finally) {
                fltlab_unsupported(UNSUPPORTED_FILTER_BEHIND_FINALLY);
            }
            disposition = EXECUTE_HANDLER;
            break;
        }
        if (disposition < CONTINUE_SEARCH) {
            fltlab_unsupported(UNSUPPORTED_CONTINUE_EXECUTION);
        }
        if (disposition > CONTINUE_SEARCH) {
            unwind(frame, record);
        }
    }
    fltlab_unhandled(record->code, (u32)record->address);
    __builtin_trap();
}

/* The value of a filter that was evaluated in its function: 1 to run the handler. */
int fltlab_seh_decide(struct fltlab_frame *frame, int disposition)
{
    if (disposition < CONTINUE_SEARCH) {
        fltlab_unsupported(UNSUPPORTED_CONTINUE_EXECUTION);
    }
    if (disposition == CONTINUE_SEARCH) {
        dispatch(&frame->record);
    }
    return 1;
}

/* Goes on unwinding if that is why the block ran; returns if the block was reached in order. */
void fltlab_seh_end_finally(struct fltlab_frame *frame)
{
    if (frame->target != 0) {
        unwind(frame->target, &frame->record);
    }
}

NORETURN void __fltlab_raise(u32 code)
{
    struct fltlab_exception_record record = {.code = code};
    dispatch(&record);
}

NORETURN void fltlab_raise_access(u32 code, u32 address, u32 is_write)
{
    struct fltlab_exception_record record = {
        .code = code, .count = 2, .information = {is_write, address}};
    dispatch(&record);
}
