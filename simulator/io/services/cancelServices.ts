// NtCancelIoFile and NtCancelIoFileEx.
import { NtStatus } from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import { displayNameOf } from '../fileObjectRecord.ts';
import type { CallerIosb, IrpRecord } from '../irpRecord.ts';
import {
  because,
  handleOf,
  service,
  writeIosb,
  type ServiceArguments,
  type ServiceContext,
} from './serviceContext.ts';

/** How often NtCancelIoFile looks whether the cancelled requests are gone: 10 ms. */
const POLL_100NS = 100_000n;

/**
 * Cancels the current thread's requests on the file and waits until they are gone.
 * Models: R-NOTIFY-49: the service itself succeeds, and says so in its own I/O status block.
 */
export const ntCancelIoFile = (
  context: ServiceContext,
  args: ServiceArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtCancelIoFile', args, async () => {
    const found = handleOf(context, args.handle, 0);
    if (typeof found === 'number') return found;
    const { io } = context;
    const { scheduler } = io.kernel;
    const mine = [...io.outstanding].filter(
      (irp) => irp.thread === scheduler.current && irp.issuer?.fileObject === found.file,
    );
    for (const irp of mine) await io.cancelIrp(irp);
    const never = scheduler.createEvent('notification', false);
    while (mine.some((irp) => !irp.delivered)) {
      const what = `cancelled requests on ${displayNameOf(found.file)}`;
      await scheduler.waitForEvent(never, { kind: 'cancellation', what }, POLL_100NS);
    }
    return because(context, writeIosb(args.iosb, NtStatus.STATUS_SUCCESS, 0), 'R-NOTIFY-49');
  });

export interface CancelExArguments extends ServiceArguments {
  /** The status block of the one request to cancel; null for all on the file. */
  readonly requestIosb: CallerIosb | null;
}

/** Cancels requests of any thread of the process, without waiting. Vista and later. */
export const ntCancelIoFileEx = (
  context: ServiceContext,
  args: CancelExArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtCancelIoFileEx', args, async () => {
    const { io } = context;
    const { profile, scheduler } = io.kernel;
    if (!profile.cancelOneRequest) {
      throw new NotModelledSignal(`NtCancelIoFileEx, which ${profile.title} does not have`);
    }
    const found = handleOf(context, args.handle, 0);
    if (typeof found === 'number') return found;
    const isMeant = (irp: IrpRecord): boolean =>
      irp.thread.process === scheduler.current.process &&
      irp.issuer?.fileObject === found.file &&
      (args.requestIosb === null || irp.issuer.iosb === args.requestIosb);
    const meant = [...io.outstanding].filter(isMeant);
    for (const irp of meant) await io.cancelIrp(irp);
    if (meant.length === 0) return NtStatus.STATUS_NOT_FOUND;
    return writeIosb(args.iosb, NtStatus.STATUS_SUCCESS, 0);
  });
