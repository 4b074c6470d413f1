/* excpt.h of the kit gives C the words without underscores as well; mingw-w64's does not. */

#pragma once

#include_next <excpt.h>

#ifndef __cplusplus
#ifndef try
#define try __try
#define except __except
#define finally __finally
#define leave __leave
#endif
#endif
