// A debugger over what would be predicted: the same sample, variant, workload and profile.
import { openDebugger } from '../../simulator/debug.ts';
import { debugSubject } from '../predict/index.ts';
/** Throws LabError as `predict` does: the driver does not compile, the workload is wrong. */
export async function openKdSession(input) {
    const { sources, ...subject } = await debugSubject(input);
    return openDebugger({ subject, sources });
}
