// What a machine is, and what it can show: read from the machine on every connect.
import { LabError } from '../../contract/errors/labError.ts';
import type { ProfileName } from '../../contract/profiles.ts';
import type {
  Capability,
  MachineDescription,
  TargetFacts,
  TargetKind,
} from '../../contract/target.ts';
import type { CommandResult, SshConnection } from '../ssh/index.ts';

type Lack = TargetFacts['lacks'][number];

const lacks = (because: string, ...names: Capability[]): Lack[] =>
  names.map((capability) => ({ capability, because }));

/** What each kind of machine can show. Whatever is in neither list of a kind is not known of it. */
export const abilities: Readonly<
  Record<
    Exclude<TargetKind, 'recorded'>,
    { readonly has: readonly Capability[]; readonly lacks: readonly Lack[] }
  >
> = {
  wine: {
    has: ['user-mode-io', 'load-driver'],
    lacks: [
      ...lacks(
        'Wine loads a driver and runs DriverEntry, FltRegisterFilter and FltStartFiltering, but ' +
          'never calls the callbacks of a filter',
        'kernel-filters',
      ),
      ...lacks('Wine has no stack of file-system drivers that fast I/O could enter', 'fast-io'),
      ...lacks('Wine has no Driver Verifier', 'verifier'),
      ...lacks('a Wine prefix has no snapshots; the lab takes back its own changes', 'revert'),
      ...lacks('Wine has no kernel that a debugger could attach to', 'kd'),
    ],
  },
  windows: {
    has: ['user-mode-io', 'load-driver', 'kernel-filters', 'fast-io'],
    lacks: lacks('not set up for this target', 'verifier', 'revert', 'kd'),
  },
};

/** One command; `wineVersion` is known only on the machine that Wine runs on. */
export async function readFacts(
  description: MachineDescription,
  connection: SshConnection,
  wineVersion: string | undefined,
  signal: AbortSignal | undefined,
): Promise<TargetFacts> {
  const answer = await askShell(description.kind, connection, signal);
  const found = parseVer(answer.stdout);
  if (found === undefined) {
    throw new LabError('target.not-prepared', {
      problem: `The shell of "${description.name}" does not answer as cmd.exe does.`,
      remedy: 'Make cmd.exe the shell of its SSH server (the registry value DefaultShell).',
      detail: whatItSaid(answer),
    });
  }
  const { has, lacks: lacking } = abilities[description.kind];
  return {
    name: description.name,
    kind: description.kind,
    ...found,
    profile: profileOf(found.windowsVersion),
    ...(wineVersion === undefined ? {} : { wineVersion }),
    has: [...has],
    lacks: [...lacking],
  };
}

/** Silence is not believed at once: a cmd.exe started while Wine was still booting has been seen to say nothing. */
const ASKED_OF_WINE = 3;

async function askShell(
  kind: MachineDescription['kind'],
  connection: SshConnection,
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  for (let asked = 1; ; asked += 1) {
    const answer = await connection.exec('ver & echo %PROCESSOR_ARCHITECTURE%', { signal });
    const silent = `${answer.stdout}${answer.stderr}`.trim() === '';
    if (!silent || kind !== 'wine' || asked === ASKED_OF_WINE) return answer;
  }
}

/** A shell that said nothing at all is told from one that said something else. */
const whatItSaid = ({ code, stdout, stderr }: CommandResult): string =>
  [`exit code ${code ?? 'none'}`, stdout.trim(), stderr.trim()]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, 2_000);

/** "Microsoft Windows [Version 10.0.22631.4317]", in any language, and the line after it. */
export function parseVer(
  output: string,
): { readonly windowsVersion: string; readonly architecture: string } | undefined {
  const windowsVersion = /\b(\d+\.\d+\.\d+)(\.\d+)?\b/.exec(output)?.[1];
  const architecture = /^(AMD64|ARM64|x86|IA64)\s*$/m.exec(output)?.[1];
  if (windowsVersion === undefined || architecture === undefined) return undefined;
  return { windowsVersion, architecture };
}

// Client names, for `ver` does not tell a server from a client.
const profilesByVersion: readonly (readonly [version: string, profile: ProfileName])[] = [
  ['5.1', 'winxp'],
  ['5.2', 'win2003'],
  ['6.0', 'vista'],
  ['6.1', 'win7'],
  ['6.3', 'win81'],
];
const FIRST_BUILD_OF_WINDOWS_11 = 22_000;

export function profileOf(windowsVersion: string): ProfileName | null {
  const [major = '', minor = '', build = ''] = windowsVersion.split('.');
  if (major === '10') return Number(build) >= FIRST_BUILD_OF_WINDOWS_11 ? 'win11' : 'win10';
  return profilesByVersion.find(([version]) => version === `${major}.${minor}`)?.[1] ?? null;
}
