/*++

    The minifilter interface of the Filter Manager.

    Models: the public reference of fltkernel.h. What a build may use follows NTDDI_VERSION, as
    with the kit (see flt/versions.h); a routine that came later is not declared.

--*/

#pragma once

#include "ntifs.h"
#include "flt/versions.h"

#if FLT_MGR_BASELINE

#define FLTAPI NTAPI

#include "fltuserstructures.h"
#include "flt/callbackdata.h"
#include "flt/registration.h"
#include "flt/work.h"
#include "flt/routines.h"
#include "flt/operations.h"
#include "flt/later.h"

#endif

#include "initguid.h"
