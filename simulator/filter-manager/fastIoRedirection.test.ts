// Goal: a fast I/O call that a filter redirects goes where the version of Windows sends it, refused or
// not on the way (R-REDIRECT-40 to 46). Method: scripted filters on two volumes. Names in brackets are
// those of written cases.
import { describe, expect, test } from 'vitest';
import type { ProfileName } from '../../contract/profiles.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { CallbackData } from './callbackData.ts';
import type { RelatedObjects } from './filter.ts';
import {
  noCallback,
  openFile,
  play,
  Post,
  Pre,
  withCallback,
  type Major,
  type ScriptedFilter,
} from './testing/bench.ts';
import { attributes, fastCalls, read, statusOf, witness } from './testing/fastIoSteps.ts';

describe('a redirected call', () => {
  const volumes = ['C', 'D'];
  const both = [
    { file: 'f', volume: 'C', data: { text: 'cc' } },
    { file: 'f', volume: 'D', data: { text: 'dddd' } },
    { file: 'only-d', volume: 'D', data: { text: 'dddd' } },
  ];
  /** Sends what comes to C on to its instance on D. */
  const redirector = (major: Major, fileOf?: () => FileObject | null): ScriptedFilter => ({
    name: 'redirector',
    altitude: '370030',
    on: ({ filters }) => ({
      [major]: {
        pre: (data: CallbackData, { instance }: RelatedObjects) => {
          const to = filters
            .find(({ name }) => name === 'redirector')
            ?.instances.find(({ volume }) => volume.volume.name === 'D');
          if (instance.volume.volume.name !== 'C' || to === undefined) return noCallback;
          if (data.operation.path !== 'fast-io') return noCallback;
          const targetFileObject = fileOf?.() ?? data.iopb.targetFileObject;
          data.iopb = { ...data.iopb, targetInstance: to, targetFileObject };
          data.flags |= 0x80000000;
          return withCallback;
        },
        post: () => Post.FLT_POSTOP_FINISHED_PROCESSING,
      },
    }),
  });
  const NOT_FOUND = 'STATUS_OBJECT_NAME_NOT_FOUND';
  const luafv: ScriptedFilter = {
    name: 'stand-in',
    altitude: '1',
    on: () => ({}),
    callbacks: (stage) => ({
      instanceSetup: async ({ volume }) => {
        if (volume.volume.name === 'D') {
          await stage.manager.addNeighbour({ filter: 'luafv', altitude: '135000', volumes: ['D'] });
        }
        return NtStatus.STATUS_SUCCESS;
      },
    }),
  };
  const queries: readonly {
    readonly id: string;
    readonly profiles: readonly ProfileName[];
    readonly path: string;
    readonly status: string;
    readonly device: 'original' | 'target';
    readonly findings: readonly string[];
  }[] = [
    {
      id: 'redirect-ti-nqo-xp',
      profiles: ['winxp', 'win2003'],
      path: 'only-d',
      status: NOT_FOUND,
      device: 'original',
      findings: ['redirection-ignored'],
    },
    {
      id: 'and the wrong file',
      profiles: ['winxp', 'win2003'],
      path: 'f',
      status: 'STATUS_SUCCESS',
      device: 'original',
      findings: ['wrong-volume-answered'],
    },
    {
      id: 'redirect-ti-nqo-win7',
      profiles: ['vista', 'win7', 'win2008r2', 'win81', 'win10', 'win11'],
      path: 'only-d',
      status: 'STATUS_SUCCESS',
      device: 'target',
      findings: [],
    },
  ];
  const rows = queries.flatMap(({ profiles, ...row }) =>
    profiles.map((profile) => ({ ...row, profile })),
  );
  test.each(rows)('by name on $profile: $path [$id]', async ({ profile, path, ...wanted }) => {
    const told = await play(
      [redirector('IRP_MJ_NETWORK_QUERY_OPEN')],
      [attributes({ path, volume: 'C' })],
      { profile, volumes, setup: both },
    );
    expect(statusOf(told.prediction.events, 'ask')).toBe(wanted.status);
    expect(told.findings).toEqual(wanted.findings);
    const first = profile === 'winxp' || profile === 'win2003' || profile === 'vista' ? 1 : 2;
    const device = first + (wanted.device === 'target' ? 1 : 0);
    expect(fastCalls(told.prediction.events)).toEqual([`FastIoQueryOpen ${device} yes`]);
  });

  test.each(['winxp', 'win7'] as const)(
    'of a cached read on %s [redirect-ti-xp-readfastio]',
    async (profile) => {
      let file: FileObject | null = null;
      const opens: ScriptedFilter = {
        name: 'opens',
        altitude: '380000',
        on: () => ({
          IRP_MJ_CREATE: {
            pre: (_data, { fileObject, volume }) => {
              if (volume.volume.name === 'D') file = fileObject;
              return noCallback;
            },
          },
        }),
      };
      const on = (volume: string, as: string): object => ({ ...openFile, volume, as, path: 'f' });
      const told = await play(
        [opens, redirector('IRP_MJ_READ', () => file)],
        [
          on('D', 'd'),
          read('cached', { handle: 'd' }),
          on('C', 'c'),
          read('irp', { handle: 'c' }),
          read('fast', { handle: 'c' }),
        ],
        { profile, volumes, setup: both },
      );
      const original = profile === 'winxp';
      const device = original ? 1 : 3;
      expect(fastCalls(told.prediction.events)).toEqual([`FastIoRead ${device} yes`]);
      expect(told.findings).toEqual(original ? ['wrong-volume-answered'] : []);
    },
  );

  test('needs no stack locations, however deep the target is [redirect-fastio-no-limit]', async () => {
    const legacyFilters = ['one', 'two', 'three'].map((driver) => ({
      driver,
      aboveFrame: 0,
      volumes: ['D'],
    }));
    const told = await play(
      [redirector('IRP_MJ_NETWORK_QUERY_OPEN')],
      [attributes({ path: 'only-d', volume: 'C' })],
      { volumes, setup: both, stack: { frameBoundaries: ['400000'], legacyFilters } },
    );
    expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_SUCCESS');
    expect(told.findings).toEqual([]);
  });

  test('is refused by luafv on the stack that it follows', async () => {
    const told = await play(
      [luafv, redirector('IRP_MJ_NETWORK_QUERY_OPEN')],
      [attributes({ path: 'only-d', volume: 'C' })],
      { volumes, setup: both },
    );
    // Nobody redirects the create that follows.
    expect(statusOf(told.prediction.events, 'ask')).toBe(NOT_FOUND);
    const refused = told.prediction.events.filter((event) =>
      event.rules?.includes('R-REDIRECT-44'),
    );
    expect(refused.map(({ kind }) => kind)).toEqual(['pre-operation']);
  });

  test.each(['vista', 'win7'] as const)(
    'luafv above the filter: it never sees the query on %s [redirect-ti-luafv]',
    async (profile) => {
      const low: ScriptedFilter = {
        ...witness('IRP_MJ_NETWORK_QUERY_OPEN', 'IRP_MJ_CREATE'),
        altitude: '100000',
      };
      const told = await play([luafv, low], [attributes({ volume: 'D' })], {
        profile,
        volumes,
        setup: both,
      });
      expect(told.story).toEqual(['IRP_MJ_CREATE.0 1']);
      expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_SUCCESS');
    },
  );

  test('refused on XP, the create is asked instead [redirect-ti-nqo-xp-workaround]', async () => {
    const refuses: ScriptedFilter = {
      name: 'refuses',
      altitude: '370030',
      on: ({ io }) => ({
        IRP_MJ_NETWORK_QUERY_OPEN: {
          pre: (_data, { volume }) =>
            volume.volume.name === 'C'
              ? { status: Pre.FLT_PREOP_DISALLOW_FASTIO, completionContext: 0 }
              : noCallback,
        },
        IRP_MJ_CREATE: {
          pre: (data, { volume, fileObject }) => {
            const other = io.volumes.find(({ name }) => name === 'D');
            if (volume.volume.name !== 'C' || fileObject === null) return noCallback;
            fileObject.fileName = `${other?.deviceName ?? ''}${fileObject.fileName}`;
            data.ioStatus.status = NtStatus.STATUS_REPARSE;
            return { status: Pre.FLT_PREOP_COMPLETE, completionContext: 0 };
          },
        },
      }),
    };
    const told = await play([refuses], [attributes({ path: 'only-d', volume: 'C' })], {
      profile: 'winxp',
      volumes,
      setup: both,
    });
    expect(statusOf(told.prediction.events, 'ask')).toBe('STATUS_SUCCESS');
    expect(told.findings).toEqual([]);
  });
});
