// fltmgr: redirection of I/O between volumes.
import { NtStatus } from '../../../contract/windows/index.ts';
import { full } from '../binding.ts';
import { noticeChangedTarget } from '../changedTarget.ts';
/** What the three routines answer belongs into the story. */
function tell(room, routine, answer) {
    room.tell('fltmgr', routine, [], answer, rulesOf[routine]);
}
const rulesOf = {
    FltIsIoRedirectionAllowed: ['R-REDIRECT-33', 'R-REDIRECT-32'],
    FltIsIoRedirectionAllowedForOperation: ['R-REDIRECT-34', 'R-REDIRECT-32'],
    FltAdjustDeviceStackSizeForIoRedirection: ['R-REDIRECT-35'],
};
const yes = (value) => (value ? 'TRUE' : 'FALSE');
const since = '6.1';
export const redirectionExports = {
    FltIsIoRedirectionAllowed: full(['instance', 'instance', 'out8'], 'status', (room, source, target, allowed) => {
        const answer = room.manager.isRedirectionAllowed(source, target);
        if (answer === 'not-supported') {
            tell(room, 'FltIsIoRedirectionAllowed', 'STATUS_NOT_SUPPORTED');
            return NtStatus.STATUS_NOT_SUPPORTED;
        }
        allowed.set(answer ? 1 : 0);
        tell(room, 'FltIsIoRedirectionAllowed', yes(answer));
        return NtStatus.STATUS_SUCCESS;
    }, { since }),
    FltIsIoRedirectionAllowedForOperation: full(['callbackData', 'instance', 'out8', 'optionalOut8'], 'status', (room, data, target, thisIo, allIo) => {
        noticeChangedTarget(room, null, 'FltIsIoRedirectionAllowedForOperation');
        const answer = room.manager.isRedirectionAllowedForOperation(data, target);
        if (answer === null)
            return NtStatus.STATUS_INVALID_PARAMETER;
        if (answer === 'not-supported') {
            tell(room, 'FltIsIoRedirectionAllowedForOperation', 'STATUS_NOT_SUPPORTED');
            return NtStatus.STATUS_NOT_SUPPORTED;
        }
        thisIo.set(answer.thisIo ? 1 : 0);
        allIo?.set(answer.allIo ? 1 : 0);
        const shown = `this I/O ${yes(answer.thisIo)}, all I/O ${yes(answer.allIo)}`;
        tell(room, 'FltIsIoRedirectionAllowedForOperation', shown);
        return NtStatus.STATUS_SUCCESS;
    }, { since }),
    FltAdjustDeviceStackSizeForIoRedirection: full(['instance', 'instance', 'optionalOut8'], 'status', (room, source, target, modified) => {
        const answer = room.manager.adjustStackSize(source, target);
        room.objects.refreshDevices();
        modified?.set(answer.modified ? 1 : 0);
        tell(room, 'FltAdjustDeviceStackSizeForIoRedirection', answer.modified ? `StackSize ${source.volume.device.stackSize}` : 'unchanged');
        return answer.status;
    }, { since }),
};
