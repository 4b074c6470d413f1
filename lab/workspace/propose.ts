// What a folder with a minifilter but without a fltlab.json is probably about. Everything is guessed
// from its files, and said.
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { SampleManifestSchema, type SampleManifest } from '../../contract/sample.ts';
import { readText } from '../samples/readJson.ts';

export interface Proposed {
  readonly folder: string;
  readonly manifest: SampleManifest;
  readonly because: readonly string[];
}

/** A driver of more files than this is a tree of several. */
const FILES_MAX = 200;
const DEFAULT_ALTITUDE = '370030';

/** Errors: `workspace.no-driver`. */
export async function proposeManifest(folderPath: string): Promise<Proposed> {
  const folder = resolve(folderPath);
  const names = (await readdir(folder)).sort().slice(0, FILES_MAX);
  const ending = (pattern: RegExp): string[] => names.filter((name) => pattern.test(name));
  const sources = ending(/\.c$/i);
  if (sources.length === 0) {
    throw new LabError('workspace.no-driver', {
      problem: `${folder} holds no .c file.`,
      remedy: 'Open the folder that holds the source of the minifilter itself.',
    });
  }
  const [inf] = ending(/\.inf$/i);
  const facts =
    inf === undefined ? {} : readInf(await readText(join(folder, inf), 'file.unreadable'));
  const title = basename(folder);
  const driver = facts.service ?? (title.replaceAll(/[^A-Za-z0-9_]/g, '').slice(0, 32) || 'driver');
  const instance = facts.instance ?? `${driver} Instance`;
  const [project] = ending(/\.vcxproj$/i);
  const manifest = SampleManifestSchema.parse({
    fltlab: 1,
    name: slug(title),
    title,
    driver: /^[A-Za-z]/.test(driver) ? driver : `d${driver}`.slice(0, 32),
    sources,
    includes: ending(/\.h$/i),
    ...(inf === undefined ? {} : { inf }),
    ...(project === undefined ? {} : { project }),
    ...(facts.group === undefined ? {} : { group: facts.group }),
    instances: [{ name: instance, altitude: facts.altitude ?? DEFAULT_ALTITUDE }],
    defaultInstance: instance,
    variants: [{ name: 'as-it-is', title: 'The driver as it is' }],
    workloads: ['workloads/first.json'],
  });
  return { folder, manifest, because: reasons(manifest, facts, inf) };
}

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'driver';

interface InfFacts {
  readonly service?: string | undefined;
  readonly group?: string | undefined;
  readonly altitude?: string | undefined;
  readonly instance?: string | undefined;
}

/** The few values that matter, by their usual names; strings of the INF are looked up. */
function readInf(text: string): InfFacts {
  const strings = new Map(
    [...text.matchAll(/^\s*([\w.]+)\s*=\s*"([^"]*)"/gm)].map(
      ([, name = '', value = '']) => [name.toLowerCase(), value] as const,
    ),
  );
  const value = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(text)?.[1]?.trim().replaceAll('"', '');
    return found?.replaceAll(
      /%([\w.]+)%/g,
      (whole, name: string) => strings.get(name.toLowerCase()) ?? whole,
    );
  };
  const altitude =
    strings.get('instance1.altitude') ?? value(/"Altitude"\s*,[^,]*,\s*("[^"]*"|\S+)/i);
  return {
    service: strings.get('servicename') ?? value(/^\s*AddService\s*=\s*([^,\r\n]+)/im),
    group: value(/^\s*LoadOrderGroup\s*=\s*([^;\r\n]+)/im),
    altitude: /^[0-9]{1,10}(\.[0-9]+)?$/.test(altitude ?? '') ? altitude : undefined,
    instance: strings.get('instance1.name') ?? strings.get('defaultinstance'),
  };
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

function reasons(manifest: SampleManifest, facts: InfFacts, inf: string | undefined): string[] {
  const [instance] = manifest.instances;
  return [
    `${counted(manifest.sources.length, 'source file')} and ${counted(manifest.includes.length, 'header')} lie in the folder.`,
    inf === undefined
      ? `There is no INF: the service is called ${manifest.driver} after the folder.`
      : `${inf} names the service ${manifest.driver}.`,
    facts.altitude === undefined
      ? `No altitude was found: ${instance?.altitude ?? ''} stands in its place. Put yours there.`
      : `Altitude ${facts.altitude} is that of ${inf ?? 'the INF'}.`,
    'A first workload makes, writes, reads and closes one file.',
  ];
}
