// The kit's dontuse.h deprecates unsafe routines for MSVC. Nothing here needs it: it exists so that
// a driver's #include of it compiles.

#pragma once
