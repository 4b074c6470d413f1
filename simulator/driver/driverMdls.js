import { MdlLayout } from './layout.ts';
import { captureStack } from './places.ts';
const PAGE_MASK = 0xfff;
const MDL_SOURCE_IS_NONPAGED_POOL = 0x4;
export class DriverMdls {
    room;
    known = new Map();
    constructor(room) {
        this.room = room;
        room.manager.io.onSwappedMdl((mdl) => {
            this.freeSwapped(mdl);
        });
    }
    /** IoAllocateMdl: describes the range; nothing is mapped until it is built. */
    allocate(address, length) {
        const { kernel, memory, objects } = this.room;
        const mdl = kernel.pool.allocate('nonpaged', MdlLayout.length + 4, 'Mdl ', 'system');
        memory.write16(mdl + MdlLayout.Size, MdlLayout.length + 4);
        memory.write32(mdl + MdlLayout.StartVa, address & ~PAGE_MASK);
        memory.write32(mdl + MdlLayout.ByteCount, length);
        memory.write32(mdl + MdlLayout.ByteOffset, address & PAGE_MASK);
        this.known.set(mdl, captureStack());
        objects.knowMdl(mdl, { address, length });
        return mdl;
    }
    /** MmBuildMdlForNonPagedPool. */
    build(mdl) {
        const { room } = this;
        room.probe(mdl, MdlLayout.length, true, 'MmBuildMdlForNonPagedPool');
        const range = room.objects.mdlAt(mdl);
        if (range === null)
            return;
        const block = room.kernel.pool.blockAt(range.address);
        if (block?.type === 'paged') {
            room.kernel.report({
                id: 'bad-argument-pointer',
                message: 'MmBuildMdlForNonPagedPool was given an MDL over paged pool.',
            });
        }
        const flags = room.memory.read16(mdl + MdlLayout.MdlFlags);
        room.memory.write16(mdl + MdlLayout.MdlFlags, flags | MDL_SOURCE_IS_NONPAGED_POOL);
        room.memory.write32(mdl + MdlLayout.MappedSystemVa, range.address);
    }
    free(mdl, routine) {
        if (this.known.delete(mdl)) {
            this.room.objects.forgetMdl(mdl);
            this.room.kernel.pool.free(mdl);
            return;
        }
        this.room.kernel.report({
            id: 'double-free',
            message: `${routine} was given 0x${mdl.toString(16).padStart(8, '0')}, which is no MDL of the driver, ` +
                'or not any more: the Filter Manager frees one that was swapped into an operation.',
        });
    }
    freeSwapped(mdl) {
        const address = this.room.objects.addressOfMdl(mdl);
        if (address !== null && this.known.has(address))
            this.free(address, 'the Filter Manager');
    }
    /** After the unload. */
    reportLeaks() {
        for (const [mdl, stack] of this.known) {
            this.room.kernel.report({
                id: 'object-leak',
                message: `The MDL 0x${mdl.toString(16).padStart(8, '0')}, allocated here, was never freed.`,
                stack: this.room.placesOf(stack),
            });
        }
    }
}
