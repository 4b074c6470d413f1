// ntoskrnl: MDLs of the driver's own, over memory that is never paged out.
import { full } from '../binding.ts';
export const mdlExports = {
    IoAllocateMdl: full(['address', 'u32', 'boolean', 'boolean', 'address'], 'address', (room, address, length) => room.mdls.allocate(address, length)),
    MmBuildMdlForNonPagedPool: full(['address'], 'void', (room, mdl) => {
        room.mdls.build(mdl);
    }),
    IoFreeMdl: full(['address'], 'void', (room, mdl) => {
        room.mdls.free(mdl, 'IoFreeMdl');
    }),
    MmMapLockedPagesSpecifyCache: full(['address', 'u32', 'u32', 'address', 'u32', 'u32'], 'address', (room, mdl) => room.objects.mdlAt(mdl)?.address ?? 0),
};
