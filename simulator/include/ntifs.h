/*++

    The installable file systems kit: what file systems and their filters use beyond WDM.

    Models: the public reference of ntifs.h.

--*/

#pragma once

#include "ntddk.h"

#include "ntifs/fileinformation.h"
#include "ntifs/notify.h"
#include "ntifs/fscontrol.h"
#include "ntifs/fsfilter.h"
#include "ntifs/fsrtl.h"
#include "ntifs/cache.h"
#include "ntifs/system.h"
