/*
 * fltKernel.h for drivers built with clang: the structures and callback types are those of Wine's
 * ddk/fltkernel.h, the rest is in flt/. Wine's header is named by FLTLAB_WINE_FLTKERNEL (its
 * folder must not be searched: it has a wdm.h and an ntifs.h of its own, poorer than mingw-w64's).
 */

#pragma once

#include <ntifs.h>

#define FLTAPI NTAPI
#ifndef WINAPI
#define WINAPI NTAPI
#endif

#include FLTLAB_WINE_FLTKERNEL

/* Information classes and messages shared with user mode. */
#include <fltuserstructures.h>

#include "flt/types.h"
#include "flt/routines.h"

/* As in the kit: a DEFINE_GUID after this header defines its GUID. */
#include <initguid.h>
