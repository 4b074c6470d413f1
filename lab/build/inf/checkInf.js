import { parseInf } from './parseInf.ts';
/** Load order group → the altitudes that Microsoft gives out in it. */
const altitudes = {
    'fsfilter top': [400_000, 409_999],
    'fsfilter activity monitor': [360_000, 389_999],
    'fsfilter undelete': [340_000, 349_999],
    'fsfilter anti-virus': [320_000, 329_999],
    'fsfilter replication': [300_000, 309_999],
    'fsfilter continuous backup': [280_000, 289_999],
    'fsfilter content screener': [260_000, 269_999],
    'fsfilter quota management': [240_000, 249_999],
    'fsfilter system recovery': [220_000, 229_999],
    'fsfilter cluster file system': [200_000, 209_999],
    'fsfilter hsm': [180_000, 189_999],
    'fsfilter imaging': [170_000, 174_999],
    'fsfilter compression': [160_000, 169_999],
    'fsfilter encryption': [140_000, 149_999],
    'fsfilter virtualization': [130_000, 139_999],
    'fsfilter physical quota management': [120_000, 129_999],
    'fsfilter open file': [100_000, 109_999],
    'fsfilter security enhancer': [80_000, 89_999],
    'fsfilter copy protection': [60_000, 69_999],
    'fsfilter bottom': [40_000, 49_999],
    'fsfilter system': [20_000, 29_999],
};
const FILE_SYSTEM_DRIVER = 2;
const STOP_FIRST = 0x200;
export function checkInf(text, file, expected) {
    const found = [];
    const say = (severity, flag, message, line) => void found.push({ file, line, severity, message, flag: `inf-${flag}` });
    const inf = parseInf(text);
    for (const { token, line } of inf.unknownTokens) {
        say('error', 'token', `%${token}% is not in [Strings]`, line);
    }
    checkVersion(inf, say);
    const install = checkInstall(inf, say);
    const service = install && checkService(inf, install, expected, say);
    if (service !== undefined)
        checkInstances(inf, service, expected, say);
    checkUninstall(inf, say);
    return found;
}
function checkVersion(inf, say) {
    const version = inf.sections.get('version');
    if (version === undefined)
        return say('error', 'version', 'there is no [Version]');
    const value = (key) => entry(version, key);
    const signature = value('signature');
    if (!/^\$windows nt\$$/i.test(signature?.values[0] ?? '')) {
        say('error', 'signature', 'Signature must be "$WINDOWS NT$"', signature?.line);
    }
    for (const [key, why] of [
        ['class', 'names the kind of filter'],
        ['classguid', 'belongs to the class'],
        ['provider', 'is required of every driver package'],
        ['driverver', 'is how Windows tells newer from older'],
    ]) {
        if (value(key) === undefined)
            say('error', key, `[Version] has no ${key}: it ${why}`);
    }
    if (value('catalogfile') === undefined) {
        say('warning', 'catalog', 'without CatalogFile the package cannot be signed as a whole');
    }
    if (value('pnplockdown')?.values[0] !== '1') {
        say('warning', 'lockdown', 'PnpLockdown = 1 is required of packages since Windows 10');
    }
}
/** The lines of the install section's .Services; undefined when there is none. */
function checkInstall(inf, say) {
    const decorated = [...inf.sections.keys()].filter((name) => /^defaultinstall\.nt(amd64|arm64|x86)?/.test(name));
    const plain = inf.sections.has('defaultinstall');
    if (decorated.length === 0 && !plain) {
        say('error', 'install', 'there is no [DefaultInstall]: a minifilter is no Plug and Play device');
        return undefined;
    }
    if (decorated.length === 0) {
        say('warning', 'decoration', '[DefaultInstall] needs an architecture, as in .NTamd64');
    }
    const services = [...inf.sections].find(([name]) => /^defaultinstall.*\.services$/.test(name));
    if (services === undefined)
        say('error', 'services', '[DefaultInstall] has no .Services section');
    return services?.[1];
}
function checkService(inf, services, expected, say) {
    const add = entry(services, 'addservice');
    const [name = '', , sectionName = ''] = add?.values ?? [];
    const service = inf.sections.get(sectionName.toLowerCase());
    if (add === undefined || service === undefined) {
        say('error', 'add-service', 'AddService names no section that is there', add?.line);
        return undefined;
    }
    const wants = (key, holds, message) => {
        const found = entry(service, key);
        if (!holds(found?.values.join(',') ?? '')) {
            say('error', key.toLowerCase(), message, found?.line ?? add.line);
        }
    };
    if (name.toLowerCase() !== expected.driver.toLowerCase()) {
        say('error', 'name', `the service is "${name}"; fltlab.json says "${expected.driver}"`, add.line);
    }
    wants('ServiceType', (value) => Number(value) === FILE_SYSTEM_DRIVER, 'ServiceType must be 2');
    wants('StartType', (value) => /^(0x)?[0-4]$/.test(value), 'StartType must be 0 to 4');
    wants('Dependencies', (value) => /\bfltmgr\b/i.test(value), 'Dependencies must name FltMgr');
    wants('ServiceBinary', (value) => new RegExp(`^%1[23]%\\\\.*\\b${expected.driver}\\.sys$`, 'i').test(value), `ServiceBinary must be %12%\\${expected.driver}.sys (or below %13%)`);
    wants('LoadOrderGroup', (value) => value.toLowerCase() === expected.group.toLowerCase(), `LoadOrderGroup must be "${expected.group}", as fltlab.json says`);
    return service;
}
function checkInstances(inf, service, expected, say) {
    const addReg = entry(service, 'addreg');
    const registry = (addReg?.values ?? []).flatMap((name) => inf.sections.get(name.toLowerCase()) ?? []);
    // Windows 11 24H2 keeps them below Parameters, all before it beside the service's values.
    const instances = registry.filter(({ values }) => /^(parameters\\)?instances\b/i.test(values[1] ?? ''));
    if (instances.length === 0) {
        return say('error', 'instances', 'no Instances are written: the filter cannot attach', addReg?.line);
    }
    const first = instances.find(({ values }) => values[2]?.toLowerCase() === 'defaultinstance');
    const names = new Map();
    for (const one of instances) {
        const name = /instances\\(.+)$/i.exec(one.values[1] ?? '')?.[1];
        if (name === undefined)
            continue;
        const values = names.get(name) ?? new Map();
        names.set(name, values.set(one.values[2]?.toLowerCase() ?? '', one));
    }
    const named = first?.values[4];
    if (named === undefined || !names.has(named)) {
        say('error', 'default-instance', 'DefaultInstance names no instance that is written', first?.line);
    }
    for (const [name, values] of names) {
        checkAltitude(name, values.get('altitude'), expected, say);
        if (!values.has('flags'))
            say('error', 'flags', `the instance "${name}" has no Flags`);
    }
    for (const { name } of expected.instances.filter((one) => !names.has(one.name))) {
        say('error', 'instance-missing', `fltlab.json has an instance "${name}" that is not written`);
    }
}
function checkAltitude(name, found, { group, instances }, say) {
    const altitude = found?.values[4] ?? '';
    if (!/^\d+(\.\d+)?$/.test(altitude)) {
        return say('error', 'altitude', `the instance "${name}" has no decimal Altitude`, found?.line);
    }
    const wanted = instances.find((one) => one.name === name)?.altitude;
    if (wanted !== undefined && wanted !== altitude) {
        say('error', 'altitude', `"${name}" is at ${altitude}; fltlab.json says ${wanted}`, found?.line);
    }
    const range = altitudes[group.toLowerCase()];
    if (range === undefined) {
        return say('error', 'group', `"${group}" is no load order group of filters`, found?.line);
    }
    const [low, high] = range;
    if (Number(altitude) < low || Math.floor(Number(altitude)) > high) {
        const message = `altitude ${altitude} is outside "${group}" (${low} to ${high})`;
        // Windows takes any altitude; Microsoft gives none out there, and the order is not what the group says.
        say('warning', 'altitude-range', message, found?.line);
    }
}
function checkUninstall(inf, say) {
    const section = [...inf.sections].find(([name]) => /^defaultuninstall(\.nt\w*)?$/.test(name));
    if (section === undefined) {
        return say('warning', 'uninstall', 'there is no [DefaultUninstall]: nothing takes it away');
    }
    if (entry(section[1], 'legacyuninstall')?.values[0] !== '1') {
        say('warning', 'legacy-uninstall', '[DefaultUninstall] needs LegacyUninstall = 1');
    }
    const services = [...inf.sections].find(([name]) => /^defaultuninstall.*\.services$/.test(name));
    const remove = entry(services?.[1] ?? [], 'delservice');
    if (remove === undefined) {
        return say('warning', 'del-service', '[DefaultUninstall] has no DelService');
    }
    if ((Number(remove.values[1] ?? 0) & STOP_FIRST) === 0) {
        say('warning', 'del-service', 'DelService needs 0x200: stop the service first', remove.line);
    }
}
const entry = (section, key) => section.find((line) => line.key?.toLowerCase() === key.toLowerCase());
