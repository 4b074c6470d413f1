// One data stream of a file, or the index of a directory: what NTFS calls an SCB. A file object's
// FsContext; share access is kept here.
import { assert } from '../../contract/assert.ts';
import { noSections } from '../io/sections/controlArea.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { ByteRangeLocks } from './locks/byteRangeLocks.ts';
import { Oplock } from './oplocks/oplock.ts';
import { ShareCounters } from './shareAccess.ts';
/** Allocation is counted in clusters. Differs: small files are not kept inside their record. */
const CLUSTER_BYTES = 4096;
/** Bytes that one stream may really hold; a larger end of file is fine while nothing is written. */
const DATA_LIMIT_BYTES = 256 * 1024 * 1024;
/** Largest end of file: 16 TiB less one cluster. */
export const FILE_SIZE_LIMIT = 2 ** 44 - CLUSTER_BYTES;
export const roundUpToCluster = (size) => Math.ceil(size / CLUSTER_BYTES) * CLUSTER_BYTES;
export class Stream {
    file;
    /** As stored; "" is the unnamed stream. Changes when the stream is renamed. */
    name;
    share = new ShareCounters();
    locks = new ByteRangeLocks();
    /** SECTION_OBJECT_POINTERS: shared by all opens. */
    sections = noSections();
    /** FCB_HEADER.Resource: what acquire for section synchronization takes; made when first needed. */
    resource = null;
    oplock = new Oplock();
    /** Handles that have not been cleaned up. */
    openCount = 0;
    /** Goes with its last cleanup (R-IO-7). Of named streams only: else the link says so. */
    deletePending = false;
    /** End of file. */
    size = 0;
    /** What has been written, or declared to be. */
    validDataLength = 0;
    allocation = 0;
    /** Bytes from here to the end of file read as zero. */
    data = new Uint8Array(0);
    constructor(file, name) {
        this.file = file;
        this.name = name;
    }
    /** Copies what lies at `offset` into `into`; the range must lie before the end of file. */
    read(offset, into) {
        assert(offset + into.length <= this.size, 'reads end at the end of file');
        const held = this.data.subarray(Math.min(offset, this.data.length), offset + into.length);
        into.set(held);
        into.fill(0, held.length);
    }
    /** Writes at `offset`, extending the file where needed. */
    write(offset, from) {
        const end = offset + from.length;
        this.hold(end);
        this.data.set(from, offset);
        this.validDataLength = Math.max(this.validDataLength, end);
        if (end > this.size)
            this.setSize(end);
    }
    /** Sets the end of file; what is cut off is gone, what is added reads as zero. */
    setSize(size) {
        if (size < this.data.length)
            this.data = this.data.slice(0, size);
        this.size = size;
        this.validDataLength = Math.min(this.validDataLength, size);
        this.allocation = Math.max(size < this.allocation ? 0 : this.allocation, roundUpToCluster(size));
    }
    hold(length) {
        if (length <= this.data.length)
            return;
        if (length > DATA_LIMIT_BYTES)
            throw new NotModelledSignal('more than 256 MiB in one stream');
        const grown = new Uint8Array(Math.min(DATA_LIMIT_BYTES, Math.max(length, this.data.length * 2)));
        grown.set(this.data);
        this.data = grown;
    }
}
