/*++

    Names that drivers use to silence warnings of the kit's static analysis. Only MSVC knows the
    pragmas behind them.

--*/

#pragma once

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wunknown-pragmas"
#endif
