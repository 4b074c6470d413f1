/*++

    GUID, its definition and comparison.

    DEFINE_GUID declares; after #include <initguid.h> it defines. Included again, this header takes
    notice of that, so it has no #pragma once.

--*/

#if !defined(GUID_DEFINED)
#define GUID_DEFINED

typedef struct _GUID {
    unsigned long Data1;
    unsigned short Data2;
    unsigned short Data3;
    unsigned char Data4[8];
} GUID;

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID;
typedef GUID CLSID;
typedef const GUID *REFGUID;
typedef const IID *REFIID;

#define IsEqualGUID(left, right) (!memcmp((left), (right), sizeof(GUID)))
#define InlineIsEqualGUID(left, right) IsEqualGUID((left), (right))

#endif

#undef DEFINE_GUID
#if defined(INITGUID)
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    extern const __declspec(selectany) GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) extern const GUID name
#endif
