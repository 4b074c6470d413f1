// Goal: what is said of a sample in several places is the same everywhere: fltlab.json for the lab, the
// INF for Windows, the project for msbuild, and the workloads that it names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSample, loadWorkload, sampleNames } from '../lab/samples/samples.ts';
import { projectRoot } from './programs.ts';

describe.each(await sampleNames())('%s', async (name) => {
  const sample = await loadSample(name);
  const { manifest } = sample;
  const file = (path: string): string => join(projectRoot, 'driver-samples', name, path);
  const read = (path: string | undefined): string => readFileSync(file(path ?? ''), 'utf8');

  test('is named like its folder', () => {
    expect(manifest.name).toBe(name);
  });

  test('names every C file and every workload of its folder, and none that is not there', () => {
    const present = readdirSync(file('')).filter((entry) => /[.][ch]$/.test(entry));
    expect([...manifest.sources, ...manifest.includes].sort()).toEqual(present.sort());
    const workloads = readdirSync(file('workloads')).map((entry) => `workloads/${entry}`);
    expect([...manifest.workloads].sort()).toEqual(workloads.sort());
  });

  test.each(manifest.workloads)('%s can be run', async (workload) => {
    const [variant] = manifest.variants;
    if (variant === undefined) throw new Error('no variant');
    const { expanded } = await loadWorkload(sample, variant, workload);
    expect(`workloads/${expanded.name}.json`).toBe(workload);
  });

  test('what chooses a variant is asked for by a source', () => {
    const texts = [...manifest.sources, ...manifest.includes].map(read);
    // Where there is one only, there is nothing to choose.
    const variants = manifest.variants.length === 1 ? [] : manifest.variants;
    const choosing = variants.map(({ defines: [first = ''] }) => first.replace(/=.*/, ''));
    expect(choosing.filter((define) => define === '')).toEqual([]);
    const unheard = choosing.filter((define) => !texts.some((text) => text.includes(define)));
    expect(unheard).toEqual([]);
  });

  test('the INF installs what the manifest describes', () => {
    const inf = parseInf(read(manifest.inf));
    const [instance] = manifest.instances;
    expect({
      service: inf.strings['ServiceName'],
      driver: inf.strings['DriverName'],
      group: inf.value('MiniFilter.Service', 'LoadOrderGroup'),
      defaultInstance: inf.strings['DefaultInstance'],
      instance: inf.strings['Instance1.Name'],
      altitude: inf.strings['Instance1.Altitude'],
      flags: Number(inf.strings['Instance1.Flags']),
    }).toEqual({
      service: manifest.driver,
      driver: manifest.driver,
      group: manifest.group,
      defaultInstance: manifest.defaultInstance ?? instance?.name,
      instance: instance?.name,
      altitude: instance?.altitude,
      flags: instance?.flags,
    });
  });

  test('every section and string that the INF names is in it', () => {
    const text = read(manifest.inf);
    const inf = parseInf(text);
    const strings = Array.from(text.matchAll(/%([A-Za-z][\w.]*)%/g), ([, string]) => string ?? '');
    expect(strings.filter((string) => inf.strings[string] === undefined)).toEqual(
      // %windir% stands in a comment.
      strings.filter((string) => string === 'windir'),
    );
    const sections = Array.from(
      text.matchAll(/^(?:CopyFiles|DelFiles|AddReg)\s*=\s*([\w.]+)/gm),
      ([, section]) => section ?? '',
    );
    expect(sections.filter((section) => !text.includes(`[${section}]`))).toEqual([]);
  });

  test('the project compiles the same sources, for each variant', () => {
    const project = read(manifest.project);
    const items = (kind: string): string[] =>
      Array.from(
        project.matchAll(new RegExp(`<${kind} Include="([^"]+)"`, 'g')),
        ([, item]) => item ?? '',
      );
    expect(items('ClCompile')).toEqual(manifest.sources);
    expect(items('ClInclude')).toEqual(manifest.includes);
    expect(items('Inf')).toEqual([manifest.inf]);
    expect(items('ResourceCompile').every((item) => existsSync(file(item)))).toBe(true);
    expect(project).toContain(`<TargetName>${manifest.driver}</TargetName>`);
  });
});

interface Inf {
  readonly strings: Readonly<Record<string, string>>;
  value(section: string, key: string): string | undefined;
}

function parseInf(text: string): Inf {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> = {};
  for (const written of text.split('\n')) {
    const line = written.replace(/;.*$/, '').trim();
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) sections.set(header, (section = {}));
    const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) section[key] = value.replace(/^"(.*)"$/, '$1');
  }
  return {
    strings: sections.get('Strings') ?? {},
    value: (name, key) => sections.get(name)?.[key],
  };
}
