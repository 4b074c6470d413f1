// What of this machine is missing, and for what: one line a program or folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from './assets.ts';
import { isLabError } from '../contract/errors/labError.ts';
import { openDataFolder } from './data/dataFolder.ts';
import { findProgram } from './process/index.ts';
import { findWinePrograms } from './targets/index.ts';

export interface Diagnosis {
  readonly what: string;
  readonly ok: boolean;
  /** Where it was found, or what is wrong. */
  readonly found: string;
  /** What needs it. */
  readonly neededFor: string;
  /** What to do where it is missing. */
  readonly remedy?: string;
}

interface Wanted {
  readonly program: string;
  /** Other names of the same program. */
  readonly names: readonly string[];
  readonly debian: string;
  readonly neededFor: string;
}

const programs: readonly Wanted[] = [
  {
    program: 'clang',
    names: ['clang'],
    debian: 'clang',
    neededFor: 'building drivers for Windows',
  },
  {
    program: 'lld-link',
    names: ['lld-link'],
    debian: 'lld',
    neededFor: 'linking drivers for Windows',
  },
  {
    program: 'llvm-dlltool',
    names: ['llvm-dlltool'],
    debian: 'llvm',
    neededFor: 'import libraries of Windows',
  },
  {
    program: 'osslsigncode',
    names: ['osslsigncode'],
    debian: 'osslsigncode',
    neededFor: 'signing drivers',
  },
];

const headers: readonly {
  readonly what: string;
  readonly path: string;
  readonly debian: string;
}[] = [
  {
    what: 'DDK headers',
    path: '/usr/share/mingw-w64/include/ddk/ntifs.h',
    debian: 'mingw-w64-common',
  },
  {
    what: 'Filter Manager header',
    path: '/usr/include/wine/wine/windows/ddk/fltkernel.h',
    debian: 'libwine-dev',
  },
];

/** Everything that is looked at, in the order of use. */
export async function diagnose(): Promise<readonly Diagnosis[]> {
  return [
    nodeVersion(),
    await dataFolder(),
    compiler(),
    ...(await Promise.all(programs.map(program))),
    ...headers.map(header),
    await wine(),
  ];
}

function nodeVersion(): Diagnosis {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    what: 'Node',
    ok,
    found: process.versions.node,
    neededFor: 'everything',
    ...(ok ? {} : { remedy: 'Run FltLab through its launcher, or install Node 24.' }),
  };
}

async function dataFolder(): Promise<Diagnosis> {
  const base = { what: 'data folder', neededFor: 'targets, certificates, kept runs' };
  try {
    return { ...base, ok: true, found: await openDataFolder() };
  } catch (error) {
    if (!isLabError(error)) throw error;
    return { ...base, ok: false, found: error.problem, remedy: error.remedy };
  }
}

function compiler(): Diagnosis {
  const path = join(assetPath('node_modules'), '@yowasp', 'clang', 'package.json');
  const ok = existsSync(path);
  return {
    what: 'embedded clang',
    ok,
    found: ok ? '@yowasp/clang' : 'not installed',
    neededFor: 'simulation',
    ...(ok ? {} : { remedy: 'Run `npm ci` in the folder of FltLab.' }),
  };
}

async function program(wanted: Wanted): Promise<Diagnosis> {
  let path: string | undefined;
  for (const name of wanted.names) path ??= await findProgram(name);
  return {
    what: wanted.program,
    ok: path !== undefined,
    found: path ?? 'not found',
    neededFor: wanted.neededFor,
    ...(path === undefined ? { remedy: `Install the Debian package ${wanted.debian}.` } : {}),
  };
}

function header(one: (typeof headers)[number]): Diagnosis {
  const ok = existsSync(one.path);
  return {
    what: one.what,
    ok,
    found: ok ? one.path : 'not found',
    neededFor: 'building drivers for Windows on this machine',
    ...(ok ? {} : { remedy: `Install the Debian package ${one.debian}.` }),
  };
}

async function wine(): Promise<Diagnosis> {
  const base = { what: 'Wine and sshd', neededFor: 'the target "wine"' };
  try {
    const { wine, sshd } = await findWinePrograms();
    return { ...base, ok: true, found: `${wine}, ${sshd}` };
  } catch (error) {
    if (!isLabError(error)) throw error;
    return { ...base, ok: false, found: error.problem, remedy: error.remedy };
  }
}
