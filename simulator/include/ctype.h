// See wdm/crt.h.

#pragma once

#include "wdm.h"
