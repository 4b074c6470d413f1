/*++

    Which generation of the Filter Manager a build is for: NTDDI_VERSION decides.

    The Filter Manager came with Windows 2000 SP4 (with update rollup), XP SP2 and Server 2003 SP1.

--*/

#pragma once

#define FLT_MGR_BASELINE                                                              \
    (((OSVER(NTDDI_VERSION) == NTDDI_WIN2K) && (SPVER(NTDDI_VERSION) >= 4)) ||        \
     ((OSVER(NTDDI_VERSION) == NTDDI_WINXP) && (SPVER(NTDDI_VERSION) >= 2)) ||        \
     ((OSVER(NTDDI_VERSION) == NTDDI_WS03) && (SPVER(NTDDI_VERSION) >= 1)) ||         \
     (NTDDI_VERSION >= NTDDI_VISTA))

#define FLT_MGR_AFTER_XPSP2                                                           \
    (((OSVER(NTDDI_VERSION) == NTDDI_WIN2K) && (SPVER(NTDDI_VERSION) >= 4)) ||        \
     ((OSVER(NTDDI_VERSION) == NTDDI_WINXP) && (SPVER(NTDDI_VERSION) > 2)) ||         \
     ((OSVER(NTDDI_VERSION) == NTDDI_WS03) && (SPVER(NTDDI_VERSION) >= 1)) ||         \
     (NTDDI_VERSION >= NTDDI_VISTA))

#define FLT_MGR_LONGHORN (NTDDI_VERSION >= NTDDI_VISTA)
#define FLT_MGR_WIN7 (NTDDI_VERSION >= NTDDI_WIN7)
#define FLT_MGR_WIN8 (NTDDI_VERSION >= NTDDI_WIN8)
#define FLT_MGR_WINBLUE (NTDDI_VERSION >= NTDDI_WINBLUE)
#define FLT_MGR_WINTHRESHOLD (NTDDI_VERSION >= NTDDI_WINTHRESHOLD)
#define FLT_MGR_WIN10_RS1 (NTDDI_VERSION >= NTDDI_WIN10_RS1)
#define FLT_MGR_WIN10_RS2 (NTDDI_VERSION >= NTDDI_WIN10_RS2)
#define FLT_MGR_WIN10_RS3 (NTDDI_VERSION >= NTDDI_WIN10_RS3)
#define FLT_MGR_WIN10_RS4 (NTDDI_VERSION >= NTDDI_WIN10_RS4)
#define FLT_MGR_WIN10_RS5 (NTDDI_VERSION >= NTDDI_WIN10_RS5)
#define FLT_MGR_WIN10_CO (NTDDI_VERSION >= NTDDI_WIN10_CO)
