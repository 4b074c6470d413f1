// The little of a portable executable that mapping it as an image needs.
import { NtStatus } from '../../../contract/windows/index.ts';
const MZ = 0x5a4d;
const PE = 0x4550;
const PE32 = 0x10b;
const PE32_PLUS = 0x20b;
const COFF_BYTES = 24;
const SECTION_HEADER_BYTES = 40;
/**
 * Reads the headers out of the first bytes of the file. Errors: STATUS_INVALID_IMAGE_NOT_MZ,
 * STATUS_INVALID_IMAGE_FORMAT. Differs: no relocation, no check of alignment, machine or signature.
 */
export function readImageHeader(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 0x40 || view.getUint16(0, true) !== MZ) {
        return NtStatus.STATUS_INVALID_IMAGE_NOT_MZ;
    }
    const pe = view.getUint32(0x3c, true);
    if (pe + COFF_BYTES + 64 > bytes.length || view.getUint32(pe, true) !== PE) {
        return NtStatus.STATUS_INVALID_IMAGE_FORMAT;
    }
    const count = view.getUint16(pe + 6, true);
    const optional = pe + COFF_BYTES;
    const magic = view.getUint16(optional, true);
    const table = optional + view.getUint16(pe + 20, true);
    const isKnown = magic === PE32 || magic === PE32_PLUS;
    if (!isKnown || table + count * SECTION_HEADER_BYTES > bytes.length) {
        return NtStatus.STATUS_INVALID_IMAGE_FORMAT;
    }
    const headers = view.getUint32(optional + 60, true);
    const segments = [{ virtualAddress: 0, virtualSize: headers, fileOffset: 0, fileSize: headers }];
    for (let at = table; at < table + count * SECTION_HEADER_BYTES; at += SECTION_HEADER_BYTES) {
        segments.push({
            virtualAddress: view.getUint32(at + 12, true),
            virtualSize: view.getUint32(at + 8, true),
            fileSize: view.getUint32(at + 16, true),
            fileOffset: view.getUint32(at + 20, true),
        });
    }
    return { size: view.getUint32(optional + 56, true), segments };
}
