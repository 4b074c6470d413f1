// Whether a Windows machine, as it is set up now, can load this driver: asked before anything is copied,
// because Windows tells it later and in fewer words. A decision table: the first row that applies is told.
import { LabError } from '../../contract/errors/labError.ts';
import { altitudeCollision, attachmentsOf, parseInstances } from './filters.ts';
const trusts = (store, signer) => (store ?? []).some((one) => one.toUpperCase() === signer.toUpperCase());
/** Room for the driver, its symbols and the trace of a run. */
const ROOM_BYTES = 64 * 1024 * 1024;
const objections = [
    {
        code: 'deploy.not-elevated',
        applies: ({ elevated }) => !elevated,
        problem: () => 'The account of the SSH session may not load drivers: it is not elevated',
        remedy: 'Use an account of the Administrators group; its SSH sessions are elevated.',
    },
    {
        code: 'deploy.signature-refused',
        applies: (_, { signer }) => signer === undefined,
        problem: (_, { driver }) => `${driver}.sys is not signed`,
        remedy: 'Sign it: `fltlab build` does.',
    },
    {
        code: 'deploy.signature-refused',
        applies: ({ secureBoot, testSigning }) => secureBoot === 1 && !testSigning,
        problem: () => 'Secure Boot is on, so Windows takes no test signature',
        remedy: 'Turn Secure Boot off in the firmware of the test machine, then turn test signing on.',
    },
    {
        code: 'deploy.signature-refused',
        applies: ({ testSigning }) => !testSigning,
        problem: () => 'Test signing is off',
        remedy: 'Turn it on with `fltlab target provision NAME --item test-signing`, and restart.',
    },
    {
        code: 'deploy.signature-refused',
        // A chain leads to a root that Windows may know by itself; that of the lab is its own root.
        applies: ({ stores }, { signer }) => signer?.selfSigned === true &&
            !(trusts(stores.Root, signer.thumbprint) && trusts(stores.TrustedPublisher, signer.thumbprint)),
        problem: () => 'The machine does not trust the certificate of the lab',
        remedy: 'Import it with `fltlab target provision NAME --item certificate`.',
    },
    {
        code: 'deploy.altitude-taken',
        applies: (machine, candidate) => collision(machine, candidate) !== undefined,
        problem: (machine, candidate) => {
            const other = collision(machine, candidate);
            return `The filter "${other?.filter ?? ''}" is at altitude ${other?.altitude ?? ''} already`;
        },
        remedy: 'Give the driver another altitude in its INF and fltlab.json, or unload the other.',
    },
    {
        code: 'deploy.disk-full',
        applies: ({ freeBytes }, { size_bytes }) => freeBytes !== null && freeBytes < ROOM_BYTES + size_bytes,
        problem: ({ freeBytes }) => `Drive C: has ${Math.floor((freeBytes ?? 0) / 1e6)} MB left, too little for a run`,
        remedy: 'Make room, or revert the machine to its clean snapshot.',
    },
];
const collision = (machine, { driver, altitudes }) => altitudeCollision(parseInstances(machine.instances ?? ''), driver, altitudes);
/** Undefined when nothing stands in the way. */
export function objectionTo(machine, candidate) {
    const found = objections.find(({ applies }) => applies(machine, candidate));
    if (found === undefined)
        return undefined;
    return new LabError(found.code, {
        problem: `${found.problem(machine, candidate)}.`,
        remedy: found.remedy,
    });
}
/** Of an earlier run, or of somebody else: a driver of this name that the Filter Manager has now. */
export const loadedAlready = (machine, driver) => attachmentsOf(parseInstances(machine.instances ?? ''), driver).length > 0;
