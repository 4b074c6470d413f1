// The steps about sections and mapped memory.
import type { ActingStep } from '../../contract/expandWorkload.ts';
import {
  ntCreateSection,
  ntFlushVirtualMemory,
  ntMapViewOfSection,
  ntUnmapViewOfSection,
  readView,
  writeView,
} from '../io/index.ts';
import { encodeBytes, toHex } from './bytes.ts';
import { valueOf, type Doer } from './names.ts';
import type { Stage, StepOutcome } from './stage.ts';
import { NtStatus } from '../../contract/windows/index.ts';

type Do = 'create-section' | 'map-view' | 'unmap-view' | 'read-view' | 'write-view' | 'flush-view';
type Performers = {
  readonly [Kind in Do]: (
    stage: Stage,
    step: Extract<ActingStep, { do: Kind }>,
    doer: Doer,
  ) => Promise<StepOutcome>;
};

/** What a read or write of memory says where nothing is mapped. */
const NOTHING_THERE = { status: NtStatus.STATUS_PARTIAL_COPY, information: 0 } as const;

export const sectionPerformers: Performers = {
  'create-section': async ({ services, names }, step, doer) => {
    const { status, handle } = await ntCreateSection(services, {
      file: valueOf(names.handle(step.handle), doer),
      desiredAccess: step.access,
      protection: step.protection,
      attributes: step.attributes,
      maximumSize: step.size === undefined ? null : Number(step.size),
    });
    names.created(doer, handle);
    return { status };
  },
  'map-view': async ({ services, names }, step, doer) => {
    if (step.process === null) return { status: NtStatus.STATUS_INVALID_HANDLE };
    const { status, view } = await ntMapViewOfSection(services, {
      section: valueOf(names.handle(step.handle), doer),
      offset: step.offset,
      size: step.size,
      protection: step.protection,
      ...(step.address === undefined
        ? {}
        : { base: { view: names.view(step.address.view), offset: step.address.offset } }),
    });
    names.mapped(step.as, view);
    return { status };
  },
  'unmap-view': async ({ services, names }, step) => {
    const status = await ntUnmapViewOfSection(services, names.view(step.view));
    names.mapped(step.view, null);
    return { status };
  },
  'read-view': async ({ services, names }, step) => {
    const view = names.view(step.view);
    if (view === null) return { ...NOTHING_THERE, bytes: '' };
    const { status, bytes } = await readView(services.io, view, step.offset, step.length);
    return { status, information: bytes.length, bytes: toHex(bytes) };
  },
  'write-view': async ({ services, names }, step) => {
    const view = names.view(step.view);
    if (view === null) return NOTHING_THERE;
    const from = encodeBytes(step.data);
    const { status, written } = await writeView(services.io, view, step.offset, from);
    return { status, information: written };
  },
  'flush-view': async ({ services, names }, step) => ({
    status: await ntFlushVirtualMemory(services, names.view(step.view)),
  }),
};
