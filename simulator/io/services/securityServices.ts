// NtQuerySecurityObject and NtSetSecurityObject, for the DACL of a file.
import type { NtStatus } from '../../../contract/windows/index.ts';
import {
  AccessMask,
  IrpMajor,
  ntSuccess,
  SecurityInformation,
} from '../../../contract/windows/index.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import type { AccessEntry } from '../irp.ts';
import { send } from '../serviceTail.ts';
import { handleOf, service, type ServiceContext } from './serviceContext.ts';

const { DACL_SECURITY_INFORMATION } = SecurityInformation;

export interface QuerySecurityResult {
  readonly status: NtStatus;
  readonly dacl: readonly AccessEntry[];
}

/** Differs: the descriptor is handed over decoded, so there is no buffer to be too small. */
export const ntQuerySecurityObject = (
  context: ServiceContext,
  handle: number,
  mode: 'user' | 'kernel' = 'user',
): MaybeLater<QuerySecurityResult> =>
  service(context, 'NtQuerySecurityObject', { mode, handle }, async () => {
    const found = handleOf(context, handle, AccessMask.READ_CONTROL);
    if (typeof found === 'number') return { status: found, dacl: [] };
    const answer: { dacl: readonly AccessEntry[] | null } = { dacl: null };
    const status = await send(context.io, {
      ...securityRequest(IrpMajor.IRP_MJ_QUERY_SECURITY, mode),
      file: found.file,
      parameters: {
        kind: 'query-security',
        length: 0,
        securityInformation: DACL_SECURITY_INFORMATION,
        answer,
      },
    });
    return { status, dacl: (ntSuccess(status) && answer.dacl) || [] };
  });

export const ntSetSecurityObject = (
  context: ServiceContext,
  handle: number,
  dacl: readonly AccessEntry[],
  mode: 'user' | 'kernel' = 'user',
): MaybeLater<NtStatus> =>
  service(context, 'NtSetSecurityObject', { mode, handle }, async () => {
    const found = handleOf(context, handle, AccessMask.WRITE_DAC);
    if (typeof found === 'number') return found;
    return send(context.io, {
      ...securityRequest(IrpMajor.IRP_MJ_SET_SECURITY, mode),
      file: found.file,
      parameters: { kind: 'set-security', securityInformation: DACL_SECURITY_INFORMATION, dacl },
    });
  });

const securityRequest = (majorFunction: number, requestorMode: 'user' | 'kernel') =>
  ({
    majorFunction,
    requestorMode,
    buffer: 0,
    length: 0,
    method: 'neither',
    synchronousApi: true,
    iosb: null,
    event: null,
  }) as const;
