// Signing and verifying with osslsigncode (Debian's package of that name).
import { rm } from 'node:fs/promises';
import { LabError } from '../../contract/errors/labError.ts';
import { findProgram, runProgram } from '../process/index.ts';
const program = 'osslsigncode';
const timeout_ms = 60_000;
export function osslsigncode(options = {}) {
    const { find = findProgram, run = runProgram } = options;
    const start = async (args, signal) => {
        const path = await find(program);
        if (path === undefined)
            throw missing();
        const result = await run(path, args, { signal, timeout_ms });
        if (result.kind === 'not-found')
            throw missing();
        return said(result);
    };
    return {
        name: program,
        async probe(signal) {
            if ((await find(program)) === undefined) {
                return { available: false, version: 'missing', missing: [missingPart] };
            }
            const { text } = await start(['--version'], signal);
            const version = /osslsigncode (\d[\w.]*)/.exec(text)?.[1] ?? 'of unknown version';
            return { available: true, version, missing: [] };
        },
        async sign(request, signal) {
            const { text, code } = await start(signArguments(request), signal);
            if (code === 0)
                return;
            // It may have begun to write.
            await rm(request.signed, { force: true });
            throw new LabError('sign.failed', {
                problem: `osslsigncode did not sign ${request.unsigned}.`,
                remedy: 'Look at the detail: it is what osslsigncode said.',
                detail: text,
            });
        },
        async verify(file, certificate, signal) {
            const args = ['verify', '-CAfile', certificate.certificatePath, '-in', file];
            return readVerification(await start(args, signal), certificate.subject);
        },
    };
}
function signArguments({ unsigned, signed, certificate }) {
    return [
        'sign',
        ...['-certs', certificate.certificatePath],
        ...['-key', certificate.keyPath],
        ...['-h', 'sha256'],
        '-ph',
        // Not the time of day: the same driver signed twice is the same file, and is not copied again.
        // Windows looks at this attribute only beside a time stamp of an authority, and there is none.
        ...['-time', String(Math.ceil(certificate.validFrom.getTime() / 1000))],
        ...['-in', unsigned],
        ...['-out', signed],
    ];
}
function said(result) {
    const text = result.stdout + result.stderr;
    return { code: result.kind === 'exited' ? result.code : -1, text };
}
/** Read from what `osslsigncode verify` printed; its exit code alone says too little. */
export function readVerification({ code, text }, subject) {
    const no = (reason) => ({ verified: false, reason, detail: text });
    if (/^No signature found/m.test(text))
        return no('not-signed');
    if (/MISMATCH!!!/.test(text))
        return no('content-changed');
    const signer = /^\s*Subject: (?<name>.+)$/m.exec(text)?.groups?.['name'];
    if (signer !== undefined && distinguished(signer) !== distinguished(subject)) {
        return no('another-certificate');
    }
    const verified = code === 0 && /^Signature verification: ok$/m.test(text);
    const digestAlgorithm = /^Message digest algorithm\s*: (?<name>\w+)/m.exec(text)?.groups?.['name'];
    if (!verified || signer === undefined || digestAlgorithm === undefined) {
        const chain = /unable to verify|self.signed certificate|unable to get local issuer/i.test(text);
        return no(chain ? 'another-certificate' : 'signature-invalid');
    }
    return {
        verified: true,
        subject,
        digestAlgorithm,
        pageHashes: /^Page hash\s*: [0-9A-F]+/m.test(text),
    };
}
// OpenSSL writes "/CN=x", node "CN=x".
const distinguished = (name) => name.trim().replace(/^\//, '');
const missingPart = {
    part: program,
    need: 'It signs drivers and verifies their signatures.',
    install: 'On Debian: apt-get install osslsigncode.',
    package: 'osslsigncode',
};
function missing() {
    return new LabError('build.toolchain-missing', {
        problem: 'Signing a driver needs osslsigncode, which is not on this machine.',
        remedy: 'Install it, on Debian with: apt-get install osslsigncode',
    });
}
