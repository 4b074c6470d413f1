// A driver, signed with the lab's certificate and proved to be: the face of this folder to the rest
// of the lab.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { parsePe } from '../build/index.ts';
import { isMissing, readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { labCertificate } from './certificate.ts';
import { osslsigncode } from './osslsigncode.ts';
/**
 * Errors: `build.not-a-pe` (before anything is signed), `build.toolchain-missing`, `sign.failed`,
 * `sign.not-verified`, `run.cancelled`.
 */
export async function signDriver(request) {
    const { sysPath, dataFolder, signal, progress } = request;
    const signer = request.signer ?? osslsigncode();
    const unsigned = await readFile(sysPath);
    parsePe(unsigned, sysPath);
    const certificate = await labCertificate(dataFolder, { signal });
    const folder = join(dirname(sysPath), 'signed');
    const signed = join(folder, basename(sysPath));
    const record = `${signed}.made-from`;
    const madeFrom = `${sha256(unsigned)} ${certificate.thumbprint}`;
    const before = await hashIfThere(signed);
    if (before !== undefined && (await readTextIfThere(record)) === `${madeFrom} ${before}\n`) {
        const held = await verifyFile(signed, certificate, signer, signal);
        if (held.verified)
            return { ...told(held), sysPath: signed, sha256: before, certificate, cached: true };
    }
    progress(`Signing ${basename(sysPath)} as ${certificate.subject}.`);
    await mkdir(folder, { recursive: true });
    const beside = `${signed}.${randomBytes(6).toString('hex')}`;
    try {
        await signer.sign({ unsigned: sysPath, signed: beside, certificate }, signal);
        const verification = await verifyFile(beside, certificate, signer, signal);
        if (!verification.verified)
            throw notVerified(sysPath, certificate, verification);
        const after = sha256(await readFile(beside));
        await rename(beside, signed);
        await writeFileAtomic(record, `${madeFrom} ${after}\n`);
        return { ...told(verification), sysPath: signed, sha256: after, certificate, cached: false };
    }
    finally {
        await rm(beside, { force: true });
    }
}
const told = ({ digestAlgorithm, pageHashes, }) => ({
    digestAlgorithm,
    pageHashes,
});
/**
 * Whether a file is signed by this lab and unchanged since. Errors: `build.not-a-pe`,
 * `build.toolchain-missing`, `run.cancelled`.
 */
export async function verifySignature(request) {
    const { file, dataFolder, signer = osslsigncode(), signal } = request;
    const certificate = await labCertificate(dataFolder, { signal });
    return verifyFile(file, certificate, signer, signal);
}
async function verifyFile(file, certificate, signer, signal) {
    const image = parsePe(await readFile(file), file);
    if (image.certificateTable === undefined) {
        return { verified: false, reason: 'not-signed', detail: 'There is no certificate table.' };
    }
    // The hash of a signature leaves the checksum and the certificate table out; the checksum does not.
    const { stored, computed } = image.checksum;
    if (stored !== computed) {
        const detail = `The checksum is 0x${stored.toString(16)} and should be 0x${computed.toString(16)}.`;
        return { verified: false, reason: 'content-changed', detail };
    }
    return signer.verify(file, certificate, signal);
}
function notVerified(sysPath, certificate, verification) {
    return new LabError('sign.not-verified', {
        problem: `${basename(sysPath)} was signed, but the signature does not verify against ` +
            `${certificate.subject}: ${verification.reason}.`,
        remedy: 'Run it again; if it stays so, look at the detail.',
        detail: verification.detail,
    });
}
const sha256 = (content) => createHash('sha256').update(content).digest('hex');
async function hashIfThere(file) {
    try {
        return sha256(await readFile(file));
    }
    catch (error) {
        if (isMissing(error))
            return undefined;
        throw error;
    }
}
