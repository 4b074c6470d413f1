/*++

    Ends endless loops and endless recursion by counting, so that they end at the same instruction
    each time. The compiler calls __sanitizer_cov_trace_pc at every function entry and every branch
    target (-fsanitize-coverage=trace-pc, nothing pruned), hence once in every loop.

    Every function of the driver has a stack guard, so each call takes stack, and recursion meets
    the limit of the simulated kernel stack long before the host's own.

--*/

#include "fltlab-runtime.h"

static inline u32 stack_pointer(void)
{
    u32 value;
    __asm__(".globaltype __stack_pointer, i32\n"
            "global.get __stack_pointer\n"
            "local.set %0"
            : "=r"(value));
    return value;
}

void __sanitizer_cov_trace_pc(void)
{
    if (--CONTROL->fuel < 0) {
        fltlab_exhausted(EXHAUSTED_FUEL);
    }
    if (stack_pointer() < CONTROL->stack_limit) {
        fltlab_exhausted(EXHAUSTED_STACK);
    }
}

/* Models: __security_cookie and __security_check_cookie (/GS), bugcheck 0xF7. */
u32 __stack_chk_guard = 0x2b992ddf;

NORETURN void __stack_chk_fail(void)
{
    fltlab_smashed();
    __builtin_trap();
}

/* Named by instrumented objects so that a profile run time gets linked; the host reads the counters. */
int __llvm_profile_runtime;
