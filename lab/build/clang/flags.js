// The command lines of the clang toolchain. Each flag says what breaks without it.
import { posix } from 'node:path';
import { assetPath } from '../../assets.ts';
import { ntddiNewest, subsystemOf, winntOf } from '../releases.ts';
export const headersFolder = () => assetPath('lab/build/windows-headers');
const hex = (value) => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
/** What the WDK's project files define, in their names. */
function kernelDefines({ ntddi = ntddiNewest, configuration }) {
    return [
        '_AMD64_',
        'AMD64',
        '_KERNEL_MODE=1',
        'WINNT=1',
        `NTDDI_VERSION=${hex(ntddi)}`,
        `_WIN32_WINNT=0x${winntOf(ntddi).toString(16).padStart(4, '0')}`,
        `WINVER=0x${winntOf(ntddi).toString(16).padStart(4, '0')}`,
        ...(configuration === 'debug' ? ['DBG=1'] : ['NDEBUG']),
    ];
}
const language = [
    '--target=x86_64-pc-windows-msvc',
    '-std=gnu17',
    '-fms-extensions',
    '-fms-compatibility',
    // A fixed _MSC_VER: clang would look for an installed Visual Studio.
    '-fms-compatibility-version=19.40',
    '-ffreestanding',
    '-nostdinc',
    // Every routine needs unwind data: without it any exception that passes through is fatal.
    '-fexceptions',
    '-fasynchronous-unwind-tables',
    // A __try covers the accesses of its own frame too, not calls alone.
    '-Xclang',
    '-fasync-exceptions',
    // What MSVC does not assume, drivers do not keep to.
    '-fno-strict-aliasing',
    '-fwrapv',
    '-fno-delete-null-pointer-checks',
    '-fno-stack-protector',
    // Set at -O0; mingw-w64 then declares RtlStringCbPrintfW and its like, and defines none of them.
    '-U__NO_INLINE__',
];
const warnings = [
    '-Wall',
    '-Wextra',
    // Idioms of drivers: { IRP_MJ_OPERATION_END }, 'Tag1', #pragma warning, #pragma prefast.
    '-Wno-missing-field-initializers',
    '-Wno-four-char-constants',
    '-Wno-multichar',
    '-Wno-unknown-pragmas',
    '-Wno-ignored-pragma-intrinsic',
    '-Wno-ignored-attributes',
    '-Wno-microsoft',
    '-Wno-pragma-pack',
    // "..\\Inc\\Names.H": Windows does not mind.
    '-Wno-nonportable-include-path',
    '-Wno-nonportable-system-include-path',
    // MSVC warns where clang 16 and later refuse.
    '-Wno-error=incompatible-function-pointer-types',
    '-Wno-error=int-conversion',
];
const diagnosticForm = ['-fno-caret-diagnostics', '-fno-color-diagnostics', '-ferror-limit=50'];
const debugInformation = [
    '-gcodeview',
    // The .sys must not depend on where it was built.
    '-gno-codeview-command-line',
    '-fdebug-compilation-dir=.',
    // No time of day in the header of an object.
    '-mno-incremental-linker-compatible',
];
/**
 * Everything of a compile command but the files and the level of optimisation: part of the key of a
 * record, so it holds no path that may change between two builds of the same source.
 */
export function compileFlags(input, parts, overlay) {
    const folders = [headersFolder(), parts.clangInclude, ...mingwFolders(parts)];
    return [
        ...language,
        ...warnings,
        ...diagnosticForm,
        ...debugInformation,
        `-ffile-prefix-map=${input.folder}=.`,
        `-ffile-prefix-map=${assetPath('lab/build')}=fltlab`,
        ...(input.includeFolders ?? []).map((folder) => `-I${folder}`),
        ...folders.flatMap((folder) => ['-isystem', folder]),
        '-ivfsoverlay',
        overlay,
        `-DFLTLAB_WINE_FLTKERNEL="${parts.wineFltKernel.replaceAll('\\', '/')}"`,
        ...[...kernelDefines(input), ...input.defines].map((define) => `-D${define}`),
    ];
}
/** Folders in which a name is found whatever its case. */
export const viewedFolders = (parts) => [
    headersFolder(),
    ...mingwFolders(parts),
];
const mingwFolders = (parts) => [
    posix.join(parts.mingwInclude, 'ddk'),
    parts.mingwInclude,
];
export const optimisation = {
    debug: '-O0',
    release: '-O2',
};
/**
 * For units with __try, in both configurations: an optimiser moves accesses that it does not know to
 * fault, into the guarded range or out of it (seen with LLVM 19 at -O1: a division left its __try).
 */
export const unoptimised = optimisation.debug;
export function linkFlags(input) {
    return [
        '/nologo',
        '/driver',
        '/machine:x64',
        `/subsystem:native,${subsystemOf(input.ntddi ?? ntddiNewest)}`,
        '/entry:DriverEntry',
        '/base:0x140000000',
        '/nodefaultlib',
        '/opt:ref',
        '/opt:noicf',
        // Thrown away after DriverEntry, as MSVC's linker marks it; #pragma alloc_text fills it.
        '/section:INIT,erd',
        '/debug',
        `/pdbaltpath:${input.name}.pdb`,
        // Stands for the folder that it was built in: a debugger finds the sources by its source path.
        '/pdbsourcepath:C:\\fltlab',
        // The checksum, which the boot loader checks; and a time stamp made of the content.
        '/release',
        '/Brepro',
    ];
}
export const linkCommand = (input, files) => [
    ...linkFlags(input),
    `/out:${files.sys}`,
    `/pdb:${files.pdb}`,
    ...files.objects,
    ...files.libraries,
];
