// Lock annotations (_Guarded_by_, _Acquires_lock_, ...): part of sal.h here.

#pragma once

#include "sal.h"
