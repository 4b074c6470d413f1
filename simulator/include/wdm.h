/*++

    The Windows Driver Model: what every kernel driver may use.

    Models: the public reference of wdm.h. Routines and structures that only file systems and their
    filters use are in ntifs.h.

--*/

#pragma once

#include "ntdef.h"
#include "driverspecs.h"
#include "ntstatus.h"
#include "bugcodes.h"

#include "wdm/dispatcher.h"
#include "wdm/security.h"
#include "wdm/rtl.h"
#include "wdm/crt.h"
#include "wdm/interlocked.h"
#include "wdm/lists.h"
#include "wdm/executive.h"
#include "wdm/memory.h"
#include "wdm/files.h"
#include "wdm/majors.h"
#include "wdm/io.h"
#include "wdm/ioroutines.h"
#include "wdm/csq.h"
#include "wdm/objects.h"
#include "wdm/variables.h"
