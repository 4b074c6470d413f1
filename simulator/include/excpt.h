/*++

    Structured exception handling: filter values and intrinsics.

    Models: "Structured Exception Handling" (C/C++ language and run-time documentation).
    Differs: on wasm32 clang has no __try. The lab rewrites the statement before it compiles, and a
    header that it includes in front of such a unit says what the intrinsics are.

--*/

#pragma once

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

typedef enum _EXCEPTION_DISPOSITION {
    ExceptionContinueExecution,
    ExceptionContinueSearch,
    ExceptionNestedException,
    ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;

struct _EXCEPTION_POINTERS;

#if !defined(__wasm__)

// The language gives these three a meaning only inside a filter, a handler and a __finally block.

unsigned long __cdecl _exception_code(void);
void *__cdecl _exception_info(void);
int __cdecl _abnormal_termination(void);

#define GetExceptionCode _exception_code
#define GetExceptionInformation() ((struct _EXCEPTION_POINTERS *)_exception_info())
#define AbnormalTermination _abnormal_termination

#endif

#define exception_code GetExceptionCode
#define exception_info GetExceptionInformation
#define abnormal_termination AbnormalTermination

#define try __try
#define except __except
#define finally __finally
#define leave __leave
