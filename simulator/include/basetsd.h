/*++

    Integers of a pointer's width and of fixed widths ("Windows Data Types", Win32 documentation).

--*/

#pragma once

#if defined(_WIN64) || defined(__x86_64__) || defined(__aarch64__)
#if !defined(_WIN64)
#define _WIN64 1
#endif
typedef __int64 INT_PTR, *PINT_PTR;
typedef unsigned __int64 UINT_PTR, *PUINT_PTR;
typedef __int64 LONG_PTR, *PLONG_PTR;
typedef unsigned __int64 ULONG_PTR, *PULONG_PTR;
#define MAXULONG_PTR (~((ULONG_PTR)0))
#else
typedef int INT_PTR, *PINT_PTR;
typedef unsigned int UINT_PTR, *PUINT_PTR;
typedef long LONG_PTR, *PLONG_PTR;
typedef unsigned long ULONG_PTR, *PULONG_PTR;
#define MAXULONG_PTR (~((ULONG_PTR)0))
#endif

#define MAXUINT_PTR (~((UINT_PTR)0))
#define MAXLONG_PTR ((LONG_PTR)(MAXULONG_PTR >> 1))
#define MINLONG_PTR (~MAXLONG_PTR)

typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;

#define MAXSIZE_T ((SIZE_T)~((SIZE_T)0))

typedef signed char INT8, *PINT8;
typedef signed short INT16, *PINT16;
typedef signed int INT32, *PINT32;
typedef signed __int64 INT64, *PINT64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef unsigned __int64 UINT64, *PUINT64;
typedef signed int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;
typedef __int64 LONG64, *PLONG64;
typedef unsigned __int64 ULONG64, *PULONG64;
typedef unsigned __int64 DWORD64, *PDWORD64;

#define PtrToUlong(p) ((ULONG)(ULONG_PTR)(p))
#define PtrToLong(p) ((LONG)(LONG_PTR)(p))
#define PtrToUint(p) ((UINT32)(UINT_PTR)(p))
#define PtrToInt(p) ((INT32)(INT_PTR)(p))
#define PtrToUshort(p) ((unsigned short)(ULONG_PTR)(p))
#define HandleToULong(h) ((ULONG)(ULONG_PTR)(h))
#define HandleToUlong(h) HandleToULong(h)
#define HandleToLong(h) ((LONG)(LONG_PTR)(h))
#define UlongToHandle(u) ((HANDLE)(ULONG_PTR)(u))
#define ULongToHandle(u) UlongToHandle(u)
#define LongToHandle(l) ((HANDLE)(LONG_PTR)(l))
#define UlongToPtr(u) ((void *)(ULONG_PTR)(unsigned int)(u))
#define ULongToPtr(u) UlongToPtr(u)
#define LongToPtr(l) ((void *)(LONG_PTR)(l))
#define UintToPtr(u) ((void *)(UINT_PTR)(u))
#define IntToPtr(i) ((void *)(INT_PTR)(i))
#define Ptr32ToPtr(p) ((void *)(ULONG_PTR)(p))
