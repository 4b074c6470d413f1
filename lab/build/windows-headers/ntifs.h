/* ntifs.h for drivers built with clang: mingw-w64's and what it lacks of later kits. */

#pragma once

#include_next <ntifs.h>

#include "ntifs/later.h"
