// Kernel annotations (_IRQL_..., _Kernel_...): part of sal.h here.

#pragma once

#include "sal.h"
