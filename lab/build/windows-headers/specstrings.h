/* The annotations are the same no-ops as in the simulator: one list for both. */

#pragma once

#include "../../../simulator/include/specstrings.h"
