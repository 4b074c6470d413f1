/*++

    The kernel driver kit's superset of WDM. What filters use of it is in wdm.h and ntifs.h here.

--*/

#pragma once

#include "wdm.h"
