// Routines that may wait for a request to come back to their thread, called where it cannot.
import { whyAllDisabled } from '../kernel/apcBarriers.ts';
/**
 * What Driver Verifier says of Zw… file routines and of FltReadFile: PASSIVE_LEVEL is not enough,
 * special kernel APCs must be enabled too. Models: R-SECTION-16, R-SECTION-18.
 */
export function noticeDisabledApcs(room, routine) {
    const why = whyAllDisabled(room.kernel.scheduler.current);
    if (why === null)
        return;
    const waits = routine.startsWith('Zw');
    room.kernel.report({
        id: 'apcs-disabled',
        rules: waits
            ? ['R-SECTION-16', 'R-SECTION-17', 'R-IO-20', 'R-SECTION-19']
            : ['R-SECTION-18', 'R-SECTION-19'],
        message: `${routine} is called where special kernel APCs are held back: ${why}. ` +
            (waits
                ? 'Where a driver below pends the request, its completion never reaches this thread.'
                : 'The request completes by an event of its own and does not hang; verifier objects.'),
    });
}
