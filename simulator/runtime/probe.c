/*++

    Linked into debug builds only: brings the import fltlab.probe into the image. The loader puts a
    call of it in front of every statement of the driver (simulator/image/lineProbes.ts).

--*/

#include "fltlab-runtime.h"

void fltlab_probe(u32 row) IMPORT(probe);

__attribute__((export_name("__fltlab_probes"))) void fltlab_probes(void)
{
    fltlab_probe(0);
}
