// The commands that make a minifilter's service, as text for cmd.exe. One shell command each where
// possible: every command is a round trip and, on the other side, a few processes.
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
/** Values of ours in the key of the service: that it is ours, and what was there before it. */
export const MARKER_VALUE = 'FltLab';
export const HOSTS_VALUE = 'FltLabHosts';
/** cmd.exe reads 8191 characters at most. */
const LINE_LIMIT = 8_000;
export function serviceKey(service) {
    assert(/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(service), `"${service}" is no service name`);
    return `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}`;
}
/**
 * Creates the service, marks it as ours and writes the Instances keys that FltRegisterFilter and the
 * automatic attachment read; what an INF's AddService and AddReg sections would do.
 */
export function createCommands(service, image, marks) {
    const key = serviceKey(service.name);
    const first = service.instances[0]?.name;
    assert(first !== undefined, 'a minifilter has an instance');
    const instancesKey = `${key}\\Instances`;
    return chain([
        // depend= comes last: Wine's sc.exe takes all that follows for further dependencies.
        `sc create ${service.name} type= filesys start= demand error= normal binPath= ${quote(image)}` +
            ` group= ${quote(service.loadOrderGroup)} DisplayName= ${quote(`FltLab ${service.name}`)}` +
            ` depend= FltMgr`,
        addValue(key, MARKER_VALUE, 'REG_SZ', marks.run),
        ...(marks.hosts.length > 0
            ? [addValue(key, HOSTS_VALUE, 'REG_SZ', marks.hosts.join(' '))]
            : []),
        addValue(instancesKey, 'DefaultInstance', 'REG_SZ', service.defaultInstance ?? first),
        ...service.instances.flatMap((instance) => [
            addValue(`${instancesKey}\\${instance.name}`, 'Altitude', 'REG_SZ', instance.altitude),
            addValue(`${instancesKey}\\${instance.name}`, 'Flags', 'REG_DWORD', String(instance.flags)),
        ]),
    ]);
}
function addValue(key, name, type, value) {
    return `reg add ${quote(key)} /v ${name} /t ${type} /d ${quote(value)} /f`;
}
/** Joined by && as far as a line goes: the first that fails ends the line, with its exit code. */
function chain(commands) {
    const lines = [];
    for (const command of commands) {
        const last = lines.at(-1);
        const joined = `${last} && ${command}`;
        if (last !== undefined && joined.length <= LINE_LIMIT)
            lines[lines.length - 1] = joined;
        else
            lines.push(command);
    }
    return lines;
}
/** For cmd.exe, which expands % and ! even between quotes and has no escape for a quote. */
export function quote(text) {
    if (/["%!\r\n\0]/.test(text) || text.endsWith('\\')) {
        throw new LabError('sample.manifest-invalid', {
            problem: `The name ${JSON.stringify(text)} cannot be given to a command of Windows.`,
            remedy: 'Leave quotes, percent and exclamation marks out of names in fltlab.json.',
        });
    }
    return `"${text}"`;
}
