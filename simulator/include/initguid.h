// From here on DEFINE_GUID defines instead of declaring. fltkernel.h ends with it, as in the kit.

#if !defined(INITGUID)
#define INITGUID
#endif
#include "guiddef.h"
