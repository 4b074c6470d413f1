// Whose a death of the machine is, by a table: the first row that fits decides. A stack that names the
// driver is proof; that the driver was loaded is suspicion, and is said to be no more.
import type { CrashVerdict, DeathKind } from '../../contract/crash.ts';
import type { Crash } from '../../contract/debugStream.ts';
import type { RunStage } from '../../contract/runStages.ts';
import { bugCheckName } from '../../contract/windows/index.ts';
import { crashIsOf, crashTitle } from '../kd/index.ts';

export type Death =
  | { readonly kind: 'bugcheck'; readonly crash: Crash }
  /** `told`: what the debugger said before its prompt. */
  | { readonly kind: 'debugger'; readonly told: string }
  | { readonly kind: 'silence'; readonly of: 'machine' | 'agent'; readonly silent_ms: number }
  | { readonly kind: 'stopped'; readonly state: 'off' | 'paused' | 'saved' | 'crashed' };

export interface Scene {
  readonly death: Death;
  readonly driver: string;
  /** Between the load of the driver and its unload. */
  readonly loaded: boolean;
  readonly stage: RunStage;
}

type Row = readonly [
  when: (scene: Scene) => boolean,
  whose: CrashVerdict['whose'],
  because: (scene: Scene) => string,
];

const kind =
  (wanted: DeathKind, more: (scene: Scene) => boolean = () => true) =>
  (scene: Scene): boolean =>
    scene.death.kind === wanted && more(scene);

const crashOf = ({ death }: Scene): Crash | undefined =>
  death.kind === 'bugcheck' ? death.crash : undefined;

const namesDriver = (scene: Scene): boolean => {
  const crash = crashOf(scene);
  return crash !== undefined && crashIsOf(crash, scene.driver);
};

const otherModule = (scene: Scene): string | undefined => {
  const crash = crashOf(scene);
  const module = crash?.module ?? crash?.at?.split('!')[0];
  return module === undefined || blamesNobody.has(module.toLowerCase()) ? undefined : module;
};

/** Where a mistake of somebody else is noticed. */
const blamesNobody: ReadonlySet<string> = new Set([
  'nt',
  'ntoskrnl',
  'ntkrnlmp',
  'hal',
  'fltmgr',
  'ntfs',
  'verifier',
  'verifierext',
  'unknown_module',
]);

/** Stops that Driver Verifier, which is set to watch the driver under test alone, makes by itself. */
const verifierStops: ReadonlySet<number> = new Set([0xc4, 0xc9, 0xe6, 0xcc, 0xcd, 0xd5, 0xd6]);

const isVerifierStop = (scene: Scene): boolean =>
  scene.loaded && verifierStops.has(crashOf(scene)?.code ?? 0);

const table: readonly Row[] = [
  [
    kind('bugcheck', namesDriver),
    'your driver',
    ({ driver }) => `${driver} stands in the stack of the crash`,
  ],
  [
    kind('bugcheck', isVerifierStop),
    'your driver',
    ({ driver }) => `Driver Verifier, which watches ${driver}, stopped the machine`,
  ],
  [
    kind('bugcheck', (scene) => otherModule(scene) !== undefined),
    'your lab',
    (scene) => `the crash names ${otherModule(scene) ?? ''}, not ${scene.driver}`,
  ],
  [
    kind('bugcheck', ({ loaded }) => loaded),
    'your driver',
    ({ driver }) => `${driver} was loaded, and the crash names nobody else: suspected, not proved`,
  ],
  [kind('bugcheck'), 'your lab', ({ driver }) => `${driver} was not loaded`],
  [
    kind('debugger', ({ loaded }) => loaded),
    'your driver',
    ({ driver }) => `the kernel stopped for its debugger while ${driver} was loaded`,
  ],
  [kind('debugger'), 'your lab', ({ driver }) => `${driver} was not loaded`],
  [
    kind('silence', ({ death }) => death.kind === 'silence' && death.of === 'agent'),
    'our bug',
    () => 'the machine answers and its agent does not',
  ],
  [
    kind('silence', ({ loaded }) => loaded),
    'your driver',
    ({ driver }) => `nothing answers any more, and ${driver} was loaded: suspected, not proved`,
  ],
  [kind('silence'), 'your lab', ({ driver }) => `nothing answers, and ${driver} was not loaded`],
  [
    kind('stopped', ({ death, loaded }) => loaded && 'state' in death && death.state === 'crashed'),
    'your driver',
    ({ driver }) =>
      `the guest ended itself while ${driver} was loaded: a triple fault, or a bugcheck unseen`,
  ],
  [kind('stopped'), 'your lab', () => 'somebody or something outside the guest stopped it'],
];

export function judge(scene: Scene): CrashVerdict {
  for (const [when, whose, because] of table) {
    if (!when(scene)) continue;
    return { kind: scene.death.kind, title: titleOf(scene), whose, because: because(scene) };
  }
  throw new Error(`no row for ${scene.death.kind}`);
}

function titleOf({ death, stage }: Scene): string {
  switch (death.kind) {
    case 'bugcheck':
      return crashTitle(named(death.crash));
    case 'debugger':
      return `stopped for the debugger: ${withoutNumbers(death.told)}`;
    case 'silence':
      return `no answer from the ${death.of} in "${stage}"`;
    case 'stopped':
      return `the machine is ${death.state} in "${stage}"`;
  }
}

/** A banner has the number alone, an analysis the name too: both make the same title. */
export function named(crash: Crash): Crash {
  const { code, name } = crash;
  return code === undefined || !name.startsWith('BUGCHECK_')
    ? crash
    : { ...crash, name: bugCheckName(code) };
}

const withoutNumbers = (text: string): string =>
  text.replace(/\b(?:0x)?[0-9a-f]{8,}(?:`[0-9a-f]{8})?\b/gi, '…').trim();
