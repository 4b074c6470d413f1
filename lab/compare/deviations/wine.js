// Where Wine is known to deviate from Windows. Each row was seen with Wine 8.0 (Debian 12) through the
// agent, and is a tested row of agent/wineDeviations.real.test.ts.
import { onlyIn } from '../deviations.ts';
const seen = '2026-11-21, Wine 8.0';
const is = (row, field, predicted, observed) => row.predicted?.[field] === predicted && row.observed?.[field] === observed;
/** Both sides tell the same entries, and Wine's bytes are Windows' without the padding to 4. */
function isUnpadded(row) {
    const { predicted, observed } = row;
    if (predicted === null || observed === null || !onlyIn(row, 'information', 'bytes'))
        return false;
    const padded = predicted['bytes'] ?? '';
    const packed = observed['bytes'] ?? '';
    const fewer = Number(predicted['information']) - Number(observed['information']);
    return (fewer > 0 && fewer === (padded.length - packed.length) / 2 && packed === withoutPadding(padded));
}
/** FILE_NOTIFY_INFORMATION entries moved together, as Wine's NtNotifyChangeDirectoryFile writes them. */
export function withoutPadding(bytes) {
    const view = Buffer.from(bytes, 'hex');
    const parts = [];
    for (let at = 0; at + 12 <= view.length;) {
        const next = view.readUInt32LE(at);
        const length = 12 + view.readUInt32LE(at + 8);
        const entry = Buffer.from(view.subarray(at, at + length));
        if (next !== 0)
            entry.writeUInt32LE(length, 0);
        parts.push(entry);
        if (next === 0)
            break;
        at += next;
    }
    return Buffer.concat(parts).toString('hex');
}
/** The I/O status block of a request that completed inline tells the same shorter count. */
function isUnpaddedReturn(row) {
    const { predicted, observed } = row;
    if (row.operation !== 'notify' || row.phase !== 'return')
        return false;
    if (predicted === null || observed === null || !onlyIn(row, 'information', 'iosb'))
        return false;
    const less = Number(predicted['information']) - Number(observed['information']);
    return less > 0 && less % 2 === 0;
}
export const wineDeviations = [
    {
        id: 'wine-1',
        seen,
        source: 'R-NOTIFY-25; agent/wineDeviations.real.test.ts',
        what: 'Wine does not pad the entries of a notification to 4 bytes, so fewer bytes come back',
        matches: (row) => (row.phase === 'completion' ? isUnpadded(row) : isUnpaddedReturn(row)),
    },
    {
        id: 'wine-2',
        seen,
        source: 'R-NOTIFY-26, R-NOTIFY-34; agent/wineDeviations.real.test.ts',
        what: 'a tree watch of Wine does not see into folders that were there before it',
        matches: (row) => row.phase === 'completion' &&
            row.operation === 'notify' &&
            (row.predicted?.['entries'] ?? '').includes('\\') &&
            (row.observed === null || is(row, 'status', 'STATUS_SUCCESS', 'STATUS_CANCELLED')),
    },
    {
        id: 'wine-3',
        seen,
        source: 'R-NOTIFY-47; agent/wineDeviations.real.test.ts',
        what: 'Wine completes what is pending on a closed handle with STATUS_HANDLES_CLOSED',
        matches: (row) => onlyIn(row, 'status') && is(row, 'status', 'STATUS_NOTIFY_CLEANUP', 'STATUS_HANDLES_CLOSED'),
    },
    {
        id: 'wine-4',
        seen,
        source: 'R-IO-1; agent/wineDeviations.real.test.ts',
        what: 'Wine writes the I/O status block of a set, query, read or control that fails',
        matches: (row) => row.phase === 'return' &&
            /^(set|query|rename|link|read|fsctl)/.test(row.operation) &&
            onlyIn(row, 'information') &&
            is(row, 'information', '(not written)', '0x0'),
    },
    {
        id: 'wine-5',
        seen,
        source: 'R-IO-17; agent/wineDeviations.real.test.ts',
        what: 'an asynchronous read that is done at once returns STATUS_PENDING under Wine',
        matches: (row) => row.phase === 'return' &&
            row.operation === 'read' &&
            is(row, 'status', 'STATUS_SUCCESS', 'STATUS_PENDING'),
    },
    {
        id: 'wine-6',
        seen,
        source: 'R-NOTIFY-6; agent/wineDeviations.real.test.ts',
        what: 'Wine refuses a notification on a file with STATUS_OBJECT_TYPE_MISMATCH',
        matches: (row) => row.operation === 'notify' &&
            onlyIn(row, 'status') &&
            is(row, 'status', 'STATUS_INVALID_PARAMETER', 'STATUS_OBJECT_TYPE_MISMATCH'),
    },
    {
        id: 'wine-7',
        seen,
        source: 'R-IO-1; agent/wineDeviations.real.test.ts',
        what: 'Wine has no FileAllocationInformation',
        matches: (row) => row.operation === 'set-allocation' &&
            row.phase === 'return' &&
            is(row, 'status', 'STATUS_SUCCESS', 'STATUS_NOT_IMPLEMENTED'),
    },
    {
        id: 'wine-8',
        seen,
        source: 'R-IO-1; agent/wineDeviations.real.test.ts',
        what: 'Wine refuses NtLockFile and NtUnlockFile that tell the I/O manager where to put the outcome',
        matches: (row) => /^(lock|unlock)$/.test(row.operation) &&
            row.observed?.['status'] === 'STATUS_NOT_IMPLEMENTED',
    },
    {
        id: 'wine-9',
        seen,
        source: 'R-IO-1; agent/wineDeviations.real.test.ts',
        what: 'Wine keeps no extended attributes: setting is refused, and none are there to query',
        matches: (row) => (row.operation === 'set-ea' && row.observed?.['status'] === 'STATUS_ACCESS_DENIED') ||
            (row.operation === 'query-ea' && row.observed?.['status'] === 'STATUS_NO_EAS_ON_FILE'),
    },
    {
        id: 'wine-10',
        seen,
        source: 'DDI FSCTL_REQUEST_OPLOCK; agent/wineDeviations.real.test.ts',
        what: 'Wine has no oplocks: their controls are refused, and nothing is broken',
        matches: (row) => {
            const asks = /^(request-oplock|fsctl)$/.test(row.operation) && row.phase === 'return';
            const refused = asks && row.observed?.['status'] === 'STATUS_NOT_SUPPORTED';
            const answered = /^(request-oplock|on-break)$/.test(row.operation);
            return refused || (answered && row.phase === 'completion' && row.observed === null);
        },
    },
    {
        id: 'wine-11',
        seen,
        source: 'R-REDIRECT-11; agent/wineDeviations.real.test.ts',
        what: 'Wine keeps no reparse tags of other parties: setting one is refused, and the file opens as it is',
        matches: (row) => row.phase === 'return' &&
            ((row.operation === 'set-reparse' && row.observed?.['status'] === 'STATUS_NOT_SUPPORTED') ||
                row.predicted?.['status'] === 'STATUS_IO_REPARSE_TAG_NOT_HANDLED'),
    },
    {
        id: 'wine-12',
        seen,
        source: 'DDI NtFlushVirtualMemory; agent/wineDeviations.real.test.ts',
        what: 'Wine answers the flush of what is no view with STATUS_INVALID_PARAMETER',
        matches: (row) => row.operation === 'flush-view' &&
            is(row, 'status', 'STATUS_NOT_MAPPED_VIEW', 'STATUS_INVALID_PARAMETER'),
    },
];
