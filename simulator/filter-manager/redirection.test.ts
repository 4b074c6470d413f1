// Goal: who sees a redirected request, what each layer finds in its parameters, and what it costs in
// stack locations. Method: scripted filters on two volumes with the stack of the seed's picture; a row
// is a stack and what becomes of one read (R-REDIRECT-28 to 39).
import { describe, expect, test } from 'vitest';
import { CallbackDataFlag, ntStatusName } from '../../contract/windows/index.ts';
import type { CallbackData } from './callbackData.ts';
import type { Instance, RelatedObjects } from './filter.ts';
import {
  noCallback,
  play,
  Post,
  withCallback,
  type ScriptedFilter,
  type Stage,
} from './testing/bench.ts';

const open = (volume: string, as: string): object => ({
  do: 'create',
  path: 'f',
  volume,
  access: 'GENERIC_READ|SYNCHRONIZE',
  options: 'NON_DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT',
  as,
});
/** The file of D is opened first, so that the redirector knows its file object. */
const steps = [
  open('D', 'd'),
  open('C', 'c'),
  { do: 'read', handle: 'c', offset: 0, length: 1, id: 'read' },
];
const setup = [
  { file: 'f', volume: 'C', data: { text: 'c' } },
  { file: 'f', volume: 'D', data: { text: 'd' } },
];
const volumes = ['C', 'D'];

const describeTarget = (data: CallbackData, { instance, fileObject }: RelatedObjects): string =>
  `${instance.volume.volume.name} file of ${fileObject?.device.volume?.name ?? '?'}, ` +
  `Iopb ${data.iopb.targetInstance?.volume.volume.name ?? '?'}`;

/** Says on which volume, and of which volume's file, it sees reads. */
const watcher = (name: string, altitude: string): ScriptedFilter => ({
  name,
  altitude,
  on: ({ say }) => ({
    IRP_MJ_READ: {
      pre: (data, objects) => {
        say(`+${name} on ${describeTarget(data, objects)}`);
        return withCallback;
      },
      post: (data, objects) => {
        say(`-${name} on ${describeTarget(data, objects)}`);
        return Post.FLT_POSTOP_FINISHED_PROCESSING;
      },
    },
  }),
});

interface Redirector {
  readonly altitude?: string;
  /** Which instance it redirects to; its own on D when left out. */
  readonly target?: (stage: Stage) => Instance | undefined;
  readonly file?: 'target' | 'own';
  readonly dirty?: boolean;
  readonly asks?: boolean;
}

/** Redirects reads on C, once it has seen a create on D. */
function redirector(how: Redirector = {}): ScriptedFilter {
  const { altitude = '300000', file = 'target', dirty = true, asks = false } = how;
  return {
    name: 'redirector',
    altitude,
    on: (stage) => {
      let fileOnTarget: RelatedObjects['fileObject'] = null;
      const ownOnD = (): Instance | undefined =>
        stage.filters
          .find(({ name }) => name === 'redirector')
          ?.instances.find(({ volume }) => volume.volume.name === 'D');
      const { target = ownOnD } = how;
      return {
        IRP_MJ_CREATE: {
          pre: (_data, { volume, fileObject }) => {
            if (volume.volume.name === 'D') fileOnTarget = fileObject;
            return noCallback;
          },
        },
        IRP_MJ_READ: {
          pre: (data, objects) => {
            if (objects.volume.volume.name !== 'C') return noCallback;
            const to = target(stage);
            if (to === undefined) throw new RangeError('no target');
            if (asks) stage.manager.isRedirectionAllowedForOperation(data, to);
            const targetFileObject = file === 'target' ? fileOnTarget : objects.fileObject;
            data.iopb = { ...data.iopb, targetInstance: to, targetFileObject };
            if (dirty) data.flags |= CallbackDataFlag.FLTFL_CALLBACK_DATA_DIRTY;
            return withCallback;
          },
          post: (data, objects) => {
            stage.say(`-redirector on ${describeTarget(data, objects)}`);
            return Post.FLT_POSTOP_FINISHED_PROCESSING;
          },
        },
      };
    },
  };
}

/** The seed's picture: three frames, a legacy filter on D alone between the lower two. */
const picture = {
  frameBoundaries: ['200000', '400000'],
  legacyFilters: [{ driver: 'oldscan', aboveFrame: 0, volumes: ['D'] }],
};
const bytesRead = ({ prediction }: Awaited<ReturnType<typeof play>>): string | undefined =>
  prediction.events.flatMap((event) =>
    event.kind === 'step' && event.step === 'read' ? [event.bytes] : [],
  )[0];

describe('who sees a redirected read', () => {
  const filters = [
    watcher('top', '450000'),
    watcher('above', '320000'),
    redirector({ asks: true }),
    watcher('below', '250000'),
    watcher('bottom', '100000'),
  ];

  test('those below the redirector on the target volume, with its file object', async () => {
    // Equal stacks, so that the locations suffice.
    const told = await play(filters, steps, {
      volumes,
      setup,
      stack: { frameBoundaries: picture.frameBoundaries },
    });
    expect(told.findings).toEqual([]);
    expect(told.story).toEqual([
      '+top on C file of C, Iopb C',
      '+above on C file of C, Iopb C',
      '+below on D file of D, Iopb D',
      '+bottom on D file of D, Iopb D',
      '-bottom on D file of D, Iopb D',
      '-below on D file of D, Iopb D',
      '-redirector on C file of C, Iopb C',
      '-above on C file of C, Iopb C',
      '-top on C file of C, Iopb C',
    ]);
    expect(bytesRead(told)).toBe('64');
  });
});

describe('stack locations', () => {
  const everywhere = [watcher('top', '450000'), watcher('bottom', '100000')];
  test.each([
    ['the deeper target, every layer uses its location', picture, everywhere, 'bugcheck'],
    ['equal stacks', { frameBoundaries: picture.frameBoundaries }, everywhere, 'completed'],
    [
      'the legacy filter hands its location on',
      {
        ...picture,
        legacyFilters: [{ ...picture.legacyFilters[0], skipsLocation: true }],
      },
      everywhere,
      'completed',
    ],
    ['nobody in frame 2 wants reads: one to spare', picture, [watcher('bottom', '1')], 'completed'],
    ['nobody in frame 0 wants reads', picture, [watcher('top', '450000')], 'completed'],
  ])('%s', async (_title, stack, others, outcome) => {
    const told = await play([...others, redirector()], steps, { volumes, setup, stack });
    expect(told.prediction.outcome).toBe(outcome);
    expect(told.findings).toEqual(['redirection-unchecked']);
    if (outcome === 'bugcheck') expect(told.prediction.bugcheck?.code).toBe(0x35);
    else expect(bytesRead(told)).toBe('64');
  });
});

describe('what redirection does not allow', () => {
  test.each([
    ['not dirty', { dirty: false }, 'not-dirty'],
    ['a file object of the original volume', { file: 'own', asks: true }, 'foreign-file-object'],
    [
      'another filter',
      { target: ({ filters }: Stage) => filters[0]?.instances[1] },
      'redirection-unsupported',
    ],
  ] as const)('%s', async (_title, how, finding) => {
    const filters = [watcher('other', '310000'), redirector(how as Redirector)];
    const told = await play(filters, steps, { volumes, setup });
    expect(told.findings).toEqual([finding]);
    expect(bytesRead(told)).toBe('63');
  });
});

describe('the three routines (R-REDIRECT-33 to 35)', () => {
  const onLegacy = (volumes: readonly string[]): object => ({
    frameBoundaries: ['200000', '400000'],
    legacyFilters: [{ driver: 'oldscan', aboveFrame: 0, volumes }],
  });

  /** Asks in the pre-operation of a read on C what `ask` asks, and lets it go on. */
  const asker = (
    ask: (stage: Stage, data: CallbackData, from: Instance, to: Instance) => void,
  ) => ({
    name: 'asker',
    altitude: '300000',
    on: (stage: Stage) => ({
      IRP_MJ_READ: {
        pre: (data: CallbackData, { instance }: RelatedObjects) => {
          const to = instance.filter.instances.find(({ volume }) => volume.volume.name === 'D');
          if (to !== undefined && instance !== to) ask(stage, data, instance, to);
          return noCallback;
        },
      },
    }),
  });

  test.each([
    ['the target deeper', ['D'], false],
    ['equally deep', ['C', 'D'], true],
    ['the target shallower', ['C'], true],
  ])('allowed for all requests: %s', async (_title, on, allowed) => {
    const filter = asker(({ manager, say }, _data, from, to) =>
      say(String(manager.isRedirectionAllowed(from, to))),
    );
    const told = await play([filter], steps, { volumes, setup, stack: onLegacy(on) });
    expect(told.story).toEqual([String(allowed)]);
  });

  test('a request that was allocated before the adjustment keeps its size', async () => {
    const adjuster: ScriptedFilter = {
      name: 'adjuster',
      altitude: '450000',
      on: ({ manager, filters, say }) => ({
        IRP_MJ_READ: {
          pre: () => {
            const [from, to] = filters.find(({ name }) => name === 'asker')?.instances ?? [];
            if (from === undefined || to === undefined) throw new RangeError('no asker');
            const { modified } = manager.adjustStackSize(from, to);
            say(`raised ${String(modified)}`);
            return withCallback;
          },
          post: () => Post.FLT_POSTOP_FINISHED_PROCESSING,
        },
      }),
    };
    const filter = asker(({ manager, say }, data, _from, to) =>
      say(JSON.stringify(manager.isRedirectionAllowedForOperation(data, to))),
    );
    const again = { do: 'read', handle: 'c', offset: 0, length: 1, id: 'again' };
    // The second handle has no cache map yet: its first read is a request again.
    const other = [open('C', 'c2'), { ...again, handle: 'c2' }];
    const told = await play([filter, adjuster], [...steps, ...other], {
      volumes,
      setup,
      stack: onLegacy(['D']),
    });
    expect(told.story).toEqual([
      'raised true',
      '{"thisIo":false,"allIo":true}',
      'raised false',
      '{"thisIo":true,"allIo":true}',
    ]);
  });

  test('a stack that would become too large is left as it is', async () => {
    const filter = asker(({ manager, say }, _data, from, to) => {
      const { lower } = to.volume.device;
      if (lower === null) throw new RangeError('nothing below');
      lower.stackSize = 0x7f;
      const before = from.volume.device.stackSize;
      const { status, modified } = manager.adjustStackSize(from, to);
      say(`${ntStatusName(status)} ${String(modified)} ${from.volume.device.stackSize - before}`);
    });
    const told = await play([filter], steps, { volumes, setup, stack: onLegacy(['D']) });
    expect(told.story).toEqual(['STATUS_INVALID_PARAMETER false 0']);
  });

  test('an instance of another filter is not supported', async () => {
    const filter = asker(({ manager, filters, say }, _data, from) => {
      const other = filters[0]?.instances[1];
      if (other !== undefined) say(String(manager.isRedirectionAllowed(from, other)));
    });
    const told = await play([watcher('other', '310000'), filter], steps, { volumes, setup });
    expect(told.story.filter((line) => !/^[+-]/.test(line))).toEqual(['not-supported']);
  });
});

test('a frame has the instances of its altitudes, and every device is counted', async () => {
  const counter: ScriptedFilter = {
    name: 'counter',
    altitude: '300000',
    on: ({ manager, say }) => ({
      IRP_MJ_READ: {
        pre: () => {
          for (const { id, volumes: places } of manager.frames) {
            const text = places.map(
              ({ volume, device, instances }) =>
                `${volume.name} ${device.stackSize} ${instances.map(({ altitude }) => altitude).join()}`,
            );
            say(`frame ${id}: ${text.join('; ')}`);
          }
          return noCallback;
        },
      },
    }),
  };
  const filters = [watcher('top', '450000'), counter, watcher('bottom', '100000')];
  const told = await play(filters, steps, { volumes, setup, stack: picture });
  expect(told.story.filter((line) => line.startsWith('frame'))).toEqual([
    'frame 0: C 2 100000; D 2 100000',
    'frame 1: C 3 300000; D 4 300000',
    'frame 2: C 4 450000; D 5 450000',
  ]);
});
