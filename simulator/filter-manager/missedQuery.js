// Queries by name that a filter never saw: one that refuses IRP_MJ_NETWORK_QUERY_OPEN, to be asked again
// on the create path, and that did not register for the operation that newer callers use instead.
// Models: R-REDIRECT-47.
import { FltMajor } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
/** Tells it where the query has been answered, and hands its result on. */
export function noteMissed(context, volume, call, taken) {
    if (call.entry !== 'PreQueryOpen')
        return taken;
    return note(context, volume, call, taken);
}
async function note({ kernel }, volume, call, passed) {
    const taken = await passed;
    if (!taken)
        return taken;
    for (const { filter, refusedQueryIn } of volume.instances) {
        if (refusedQueryIn === null || filter.kind !== 'driver')
            continue;
        if (filter.byMajor.has(FltMajor.IRP_MJ_QUERY_OPEN))
            continue;
        const { preAt } = refusedQueryIn;
        kernel.report({
            id: 'query-not-seen',
            message: `${filter.name} refuses IRP_MJ_NETWORK_QUERY_OPEN, so that queries by name come to it as ` +
                `creates. ${kernel.profile.title} answered a query of ${displayNameOf(call.fileObject)} by ` +
                'IRP_MJ_QUERY_OPEN, which it has not registered: register it, and refuse it with ' +
                'FLT_PREOP_DISALLOW_FSFILTER_IO.',
            stack: preAt === undefined ? [] : [preAt],
        });
    }
    return taken;
}
