// The certificate with which the lab signs drivers: made once, self-signed, for code signing. A test
// machine trusts it by having it in its stores; nobody else does, and nobody else should.
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign, X509Certificate, } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../../contract/errors/labError.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { acquireLock } from '../data/lock.ts';
import { bitString, boolean, explicit, implicit, integer, objectIdentifier, octetString, sequence, set, time, utf8String, } from './der.ts';
const oid = {
    commonName: '2.5.4.3',
    sha256WithRsa: '1.2.840.113549.1.1.11',
    basicConstraints: '2.5.29.19',
    keyUsage: '2.5.29.15',
    extendedKeyUsage: '2.5.29.37',
    codeSigning: '1.3.6.1.5.5.7.3.3',
    subjectKeyIdentifier: '2.5.29.14',
    authorityKeyIdentifier: '2.5.29.35',
};
const day_ms = 24 * 60 * 60 * 1000;
/** The clock of a reverted virtual machine may be behind. */
const backdated_ms = 30 * day_ms;
const lifetime_ms = 20 * 365 * day_ms;
/** Every Windows that the lab plays takes it, also as the key of a boot-start driver. */
const keyLength_bits = 2048;
/**
 * The lab's certificate; made when there is none. What is there is never overwritten: a pair that
 * cannot be used is an error. Errors: `sign.failed`, `run.cancelled`.
 */
export async function labCertificate(dataFolder, { signal, now = new Date() }) {
    const folder = join(dataFolder, 'signing');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await acquireLock(join(folder, 'certificate.lock'), { signal });
    try {
        const certificatePath = join(folder, 'certificate.pem');
        const keyPath = join(folder, 'private-key.pem');
        const certificate = await readTextIfThere(certificatePath);
        const key = await readTextIfThere(keyPath);
        if (certificate === undefined && key === undefined) {
            const made = await makePair(now);
            // The key first: a certificate without its key would be told to test machines in vain.
            await writeFileAtomic(keyPath, made.key, 0o600);
            await writeFileAtomic(certificatePath, made.certificate, 0o644);
            return describe(made.certificate, certificatePath, keyPath);
        }
        if (certificate === undefined && key !== undefined) {
            // Killed between the two writes: the certificate is made for the key that is there.
            const again = makeCertificate(usableKey(key, folder), now);
            await writeFileAtomic(certificatePath, again, 0o644);
            return describe(again, certificatePath, keyPath);
        }
        checkPair(certificate ?? '', key, folder, now);
        return describe(certificate ?? '', certificatePath, keyPath);
    }
    finally {
        await lock.release();
    }
}
async function makePair(now) {
    const { privateKey } = await promisify(generateKeyPair)('rsa', {
        modulusLength: keyLength_bits,
    });
    return {
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        certificate: makeCertificate(privateKey, now),
    };
}
/** A self-signed certificate for code signing (RFC 5280), as PEM. */
export function makeCertificate(privateKey, now) {
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    const keyId = createHash('sha1').update(publicKey).digest();
    const name = nameOf(`FltLab test signing ${keyId.toString('hex').slice(0, 8)}`);
    const algorithm = sequence(objectIdentifier(oid.sha256WithRsa), Buffer.from([0x05, 0x00]));
    const serial = randomBytes(16);
    const version3 = explicit(0, integer(Buffer.from([2])));
    const start = new Date(now.getTime() - backdated_ms);
    const validity = sequence(time(start), time(new Date(now.getTime() + lifetime_ms)));
    const toBeSigned = sequence(version3, integer(serial), algorithm, name, validity, name, publicKey, explicit(3, extensions(keyId)));
    const signature = sign('sha256', toBeSigned, privateKey);
    return toPem(sequence(toBeSigned, algorithm, bitString(signature)));
}
const nameOf = (commonName) => sequence(set(sequence(objectIdentifier(oid.commonName), utf8String(commonName))));
function extensions(keyId) {
    const extension = (id, critical, value) => sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
    return sequence(
    // No certificate authority: a stolen key signs code, and nothing else.
    extension(oid.basicConstraints, true, sequence()), 
    // Bit 0, digitalSignature; seven bits do not count.
    extension(oid.keyUsage, true, bitString(Buffer.from([0x80]), 7)), extension(oid.extendedKeyUsage, false, sequence(objectIdentifier(oid.codeSigning))), extension(oid.subjectKeyIdentifier, false, octetString(keyId)), extension(oid.authorityKeyIdentifier, false, sequence(implicit(0, keyId))));
}
function toPem(der) {
    const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
function describe(pem, certificatePath, keyPath) {
    const certificate = new X509Certificate(pem);
    return {
        certificatePath,
        keyPath,
        subject: certificate.subject,
        thumbprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
        validFrom: new Date(certificate.validFrom),
        validTo: new Date(certificate.validTo),
    };
}
function checkPair(pem, keyPem, folder, now) {
    if (keyPem === undefined)
        throw unusable(folder, 'the private key is missing');
    const certificate = usableCertificate(pem, folder);
    const key = usableKey(keyPem, folder);
    if (!certificate.checkPrivateKey(key)) {
        throw unusable(folder, 'the private key is not that of the certificate');
    }
    if (new Date(certificate.validTo) <= now) {
        throw unusable(folder, `the certificate ended on ${certificate.validTo}`);
    }
}
function usableCertificate(pem, folder) {
    try {
        return new X509Certificate(pem);
    }
    catch (cause) {
        throw unusable(folder, 'the certificate is damaged', cause);
    }
}
function usableKey(pem, folder) {
    try {
        return createPrivateKey(pem);
    }
    catch (cause) {
        // Nothing of the key's text may reach a message; the cause names the kind of damage only.
        throw unusable(folder, 'the private key is damaged', cause);
    }
}
function unusable(folder, why, cause) {
    return new LabError('sign.failed', {
        problem: `The signing certificate in ${folder} cannot be used: ${why}.`,
        remedy: 'Move that folder away and run again: a new certificate is made. Test machines that trusted ' +
            'the old one must then be given the new one.',
        cause,
    });
}
