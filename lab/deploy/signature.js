// Who signed a .sys, as far as the pre-flight needs it: the certificate in its signature, without judging
// the signature itself (lab/sign does that, and Windows).
import { X509Certificate } from 'node:crypto';
import { parsePe } from '../build/pe.ts';
/** WIN_CERTIFICATE: length, revision, type; then the PKCS #7. */
const HEADER_BYTES = 8;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const SEQUENCE = 0x30;
const CONTEXT_0 = 0xa0;
/** Undefined when the image carries no signature, or none that can be read. */
export function signerOf(image, name) {
    const table = parsePe(image, name).certificateTable;
    if (table === undefined)
        return undefined;
    const pkcs7 = image.subarray(table.offset + HEADER_BYTES, table.offset + table.size_bytes);
    const found = certificatesIn(pkcs7);
    // Certificates of time stamps may lie beside; the one that signs code is wanted.
    const signer = found.find(({ keyUsage }) => keyUsage?.includes(CODE_SIGNING)) ?? found[0];
    if (signer === undefined)
        return undefined;
    return {
        thumbprint: signer.fingerprint.replaceAll(':', ''),
        selfSigned: signer.issuer === signer.subject,
    };
}
/** ContentInfo → [0] → SignedData → [0] certificates. */
function certificatesIn(pkcs7) {
    const content = elementsIn(pkcs7)[0];
    const explicit = content && elementsIn(content.body).find(({ tag }) => tag === CONTEXT_0);
    const signedData = explicit && elementsIn(explicit.body)[0];
    const set = signedData && elementsIn(signedData.body).find(({ tag }) => tag === CONTEXT_0);
    if (set === undefined)
        return [];
    return elementsIn(set.body).flatMap(({ tag, whole }) => {
        if (tag !== SEQUENCE)
            return [];
        try {
            return [new X509Certificate(whole)];
        }
        catch (error) {
            // Of another kind, or damaged: then it is not the one that is looked for.
            if (error instanceof Error)
                return [];
            throw error;
        }
    });
}
/** The elements of DER one after another; what does not fit ends the list. */
function elementsIn(bytes) {
    const found = [];
    for (let at = 0; at + 2 <= bytes.length;) {
        const tag = bytes[at] ?? 0;
        const first = bytes[at + 1] ?? 0;
        const digits = first < 0x80 ? 0 : first & 0x7f;
        if (digits > 4)
            break;
        let length = digits === 0 ? first : 0;
        for (let one = 0; one < digits; one += 1)
            length = length * 256 + (bytes[at + 2 + one] ?? 0);
        const start = at + 2 + digits;
        if (start + length > bytes.length)
            break;
        const whole = bytes.subarray(at, start + length);
        found.push({ tag, body: bytes.subarray(start, start + length), whole });
        at = start + length;
    }
    return found;
}
