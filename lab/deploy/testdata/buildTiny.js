// Builds tiny.c with Debian's clang and lld, apart from the lab's own build: a fault there must not
// hide one here.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../../process/index.ts';
const SOURCE = path.join(import.meta.dirname, 'tiny.c');
const EXPORTS = [
    'FltRegisterFilter',
    'FltStartFiltering',
    'FltUnregisterFilter',
    'FltRoutineOfNoSystem',
];
/** Returns the path of the .sys in `folder`. */
export async function buildTiny(folder, name, ...defines) {
    const file = (extension) => path.join(folder, `${name}.${extension}`);
    await writeFile(file('def'), `LIBRARY fltmgr.sys\nEXPORTS\n${EXPORTS.join('\n')}\n`);
    const library = ['/lib', '/machine:x64', `/def:${file('def')}`, `/out:${file('lib')}`];
    await run('lld-link-19', library);
    const target = ['-target', 'x86_64-pc-windows-msvc', '-ffreestanding', '-fms-extensions'];
    const flags = defines.map((define) => `-D${define}`);
    await run('clang-19', [...target, ...flags, '-c', SOURCE, '-o', file('obj')]);
    const kind = ['/driver', '/subsystem:native', '/entry:DriverEntry', '/nodefaultlib'];
    await run('lld-link-19', [...kind, `/out:${file('sys')}`, file('obj'), file('lib')]);
    return file('sys');
}
async function run(program, args) {
    const result = await runProgram(program, args, { signal: AbortSignal.timeout(60_000) });
    if (result.kind === 'exited' && result.code === 0)
        return;
    throw new Error(`${program}: ${result.kind} ${'stderr' in result ? result.stderr : ''}`);
}
