/*++

    Source annotations of the first generation (__in, __out_bcount, ...), all empty: see sal.h.

--*/

#pragma once

#include "sal.h"

#define __in
#define __in_opt
#define __out
#define __out_opt
#define __inout
#define __inout_opt
#define __in_z
#define __in_z_opt
#define __deref_out
#define __deref_out_opt
#define __deref_opt_out
#define __deref_opt_out_opt
#define __deref_inout
#define __deref_inout_opt
#define __reserved
#define __checkReturn
#define __notnull
#define __maybenull
#define __valid
#define __callback
#define __format_string
#define __nullterminated
#define __nullnullterminated
#define __fallthrough
#define __override
#define __kernel_entry
#define __analysis_noreturn

#define __in_ecount(...)
#define __in_bcount(...)
#define __in_ecount_opt(...)
#define __in_bcount_opt(...)
#define __in_ecount_z(...)
#define __out_ecount(...)
#define __out_bcount(...)
#define __out_ecount_opt(...)
#define __out_bcount_opt(...)
#define __out_ecount_part(...)
#define __out_bcount_part(...)
#define __out_bcount_part_opt(...)
#define __out_ecount_part_opt(...)
#define __out_ecount_full(...)
#define __out_bcount_full(...)
#define __out_ecount_z(...)
#define __inout_ecount(...)
#define __inout_bcount(...)
#define __inout_ecount_opt(...)
#define __inout_bcount_opt(...)
#define __inout_bcount_part(...)
#define __inout_ecount_part(...)
#define __deref_out_ecount(...)
#define __deref_out_bcount(...)
#define __deref_out_bcount_opt(...)
#define __deref_opt_out_bcount(...)
#define __deref_out_range(...)
#define __in_range(...)
#define __out_range(...)
#define __range(...)
#define __field_bcount(...)
#define __field_ecount(...)
#define __field_bcount_opt(...)
#define __field_ecount_opt(...)
#define __field_bcount_full(...)
#define __field_bcount_part(...)
#define __field_ecount_part(...)
#define __field_range(...)
#define __struct_bcount(...)
#define __success(...)
#define __analysis_assume(...)
#define __bcount(...)
#define __ecount(...)
#define __bcount_opt(...)
#define __typefix(...)
#define __control_entrypoint(...)
#define __data_entrypoint(...)
#define __in_data_source(...)
#define __out_data_source(...)
#define __post_satisfies(...)
