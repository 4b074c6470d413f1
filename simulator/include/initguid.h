// Included before a header with DEFINE_GUID, it turns the declarations into definitions.

#pragma once

#define INITGUID
#include "guiddef.h"
