// Objects and runtime → image.
import { LabError } from '../../contract/errors/labError.ts';
import { readModule } from '../../simulator/image/index.ts';
import { linkArguments } from './flags.ts';
import { onlyDuplicates, parseLinkOutput, toDiagnostics } from './linkDiagnostics.ts';
import { shareStackPointer } from './shareStackPointer.ts';
import { toTree } from './sourceFiles.ts';
const RESULT = '$image';
export async function link(toolchain, input, signal) {
    const objects = [...input.units, ...input.runtime].map(([path, object]) => [`${path}.o`, object]);
    const names = objects.map(([name]) => name);
    const run = (more) => toolchain.run({
        arguments: [
            ...['wasm-ld', ...linkArguments(input.placement, input.variables), ...more],
            ...[...names, '-o', RESULT],
        ],
        files: toTree(objects),
        result: RESULT,
    }, signal);
    let result = await run([]);
    const messages = [...parseLinkOutput(result.output)];
    if (result.exitCode !== 0 && onlyDuplicates(messages)) {
        // Tentative definitions in several units are common in drivers, and MSVC merges them.
        result = await run(['--allow-multiple-definition']);
        messages.push(...parseLinkOutput(result.output));
    }
    const said = {
        diagnostics: toDiagnostics(messages, (path) => input.units.has(path)),
        cpu_ms: result.cpu_ms,
    };
    if (result.exitCode !== 0 || result.file === undefined) {
        return { ok: false, ...said, problem: linkFailed(said.diagnostics, result.output) };
    }
    const problem = checkEntry(result.file);
    if (problem !== undefined)
        return { ok: false, ...said, problem };
    return { ok: true, ...said, image: shareStackPointer(result.file) };
}
function linkFailed(diagnostics, detail) {
    const first = diagnostics.find((one) => one.severity === 'error')?.message;
    if (/\bDriverEntry\b/.test(first ?? ''))
        return noEntry();
    return new LabError('compile.link-failed', {
        problem: `The objects of the driver do not link${first === undefined ? '' : `: ${first}`}.`,
        remedy: 'Define what is missing, or add the file that defines it to "sources" in fltlab.json.',
        detail,
    });
}
const noEntry = () => new LabError('compile.link-failed', {
    problem: 'No file of the driver defines DriverEntry, where Windows starts it.',
    remedy: 'Define NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING), not static, in one of the ' +
        'files that fltlab.json lists under "sources".',
});
function checkEntry(image) {
    const module = readModule(image);
    const index = module.exports.find((one) => one.name === 'DriverEntry')?.index;
    const entry = module.functions.find((one) => one.index === index);
    if (entry === undefined)
        return noEntry();
    if (signature(entry.type) === 'i32,i32→i32')
        return undefined;
    return new LabError('compile.link-failed', {
        problem: 'DriverEntry does not take two pointers and return an NTSTATUS.',
        remedy: 'Declare it as NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING).',
    });
}
const signature = ({ parameters, results }) => `${parameters.join(',')}→${results.join(',')}`;
