export class OwnBlock {
    address;
    constructor(address) {
        this.address = address;
    }
}
/** SECTION_OBJECT_POINTERS of a driver's own. */
class OwnPointers extends OwnBlock {
    data = null;
    image = null;
    /** File objects that have pointed here. */
    files = [];
    get inUse() {
        const open = this.files.some((file) => file.handleCount > 0 || file.referenceCount > 0);
        return open || this.data !== null || this.image !== null;
    }
}
export class OwnBlocks {
    blocks = new Map();
    pointers = new Map();
    at(address) {
        if (address === 0)
            return null;
        let block = this.blocks.get(address);
        if (block === undefined)
            this.blocks.set(address, (block = new OwnBlock(address)));
        return block;
    }
    /** Memory that was freed and allocated again is another stream's. */
    pointersAt(address, file) {
        if (address === 0)
            return null;
        let pointers = this.pointers.get(address);
        if (pointers?.inUse !== true)
            this.pointers.set(address, (pointers = new OwnPointers(address)));
        pointers.files.push(file);
        return pointers;
    }
}
