// What an operation does to each kind of oplock that somebody else holds. The whole table.
// Models: DDI "Breaking Oplocks" and the pages "Checking the Oplock State of an IRP_MJ_… operation";
// [MS-FSA] 2.1.4.12.
/** The holder writes back what it has cached; the operation waits for that. */
const waits = (to) => ({ to, waits: true, acknowledged: true, evenOwn: false });
/** The holder has to acknowledge, and nobody waits for it. */
const tells = (to) => ({ ...waits(to), waits: false });
/** Nothing is cached that could be lost: the oplock is simply gone. */
const gone = { to: 'none', waits: false, acknowledged: false, evenOwn: false };
/** A level 2 oplock is lost by its holder's own writing as well. */
const goneAlways = { ...gone, evenOwn: true };
const onWrite = {
    'level-1': waits('none'),
    'level-2': goneAlways,
    batch: waits('none'),
    filter: waits('none'),
    R: gone,
    RH: tells('none'),
    RW: waits('none'),
    RWH: waits('none'),
};
export const decisions = {
    open: {
        'level-1': waits('level-2'),
        batch: waits('level-2'),
        // Only where the open wants to change something or shuts readers out: see `opensAside`.
        filter: waits('none'),
        RW: waits('R'),
        RWH: waits('RH'),
    },
    // FILE_SUPERSEDE, FILE_OVERWRITE, FILE_OVERWRITE_IF, and FILE_RESERVE_OPFILTER.
    'replacing-open': { ...onWrite, 'level-2': gone },
    // The holder may close the handle that is in the way.
    'sharing-violation': { RH: waits('R'), RWH: waits('RW') },
    // A flush as well ([MS-FSA] 2.1.4.12, FLUSH_DATA).
    read: { 'level-1': waits('level-2'), batch: waits('level-2'), RW: waits('R'), RWH: waits('RH') },
    // End of file, allocation, valid data length and FSCTL_SET_ZERO_DATA as well.
    write: onWrite,
    lock: {
        'level-1': waits('none'),
        'level-2': goneAlways,
        batch: waits('none'),
        R: gone,
        RH: tells('none'),
        RW: waits('none'),
        RWH: tells('none'),
    },
    // Rename, hard link, short name: a handle that is kept open would go on under the old name.
    'new-name': {
        batch: waits('none'),
        filter: waits('none'),
        RH: waits('R'),
        RWH: waits('RW'),
    },
    delete: { RH: waits('R'), RWH: waits('RW') },
    // Models: R-SECTION-23.
    'writable-section': { R: gone, RH: tells('none') },
    // A name or a file in a directory has changed (Windows 8 and later).
    'change-below': { R: gone, RH: tells('none') },
};
/** OPLOCK_LEVEL_CACHE_…. */
export const CACHE_READ = 1;
export const CACHE_HANDLE = 2;
export const CACHE_WRITE = 4;
const cachingByLevel = {
    R: CACHE_READ,
    RH: CACHE_READ | CACHE_HANDLE,
    RW: CACHE_READ | CACHE_WRITE,
    RWH: CACHE_READ | CACHE_WRITE | CACHE_HANDLE,
};
const cachingLevels = Object.keys(cachingByLevel);
export const isCaching = (level) => level in cachingByLevel;
export const cachingOf = (level) => isCaching(level) ? cachingByLevel[level] : 0;
/** "none" for 0; undefined for a combination that there is not: nobody caches without reading. */
export function levelOfCaching(caching) {
    if (caching === 0)
        return 'none';
    return cachingLevels.find((level) => cachingByLevel[level] === caching);
}
/** Of two levels that a break leads to, what is left of both. */
export function lower(one, other) {
    if (one === other)
        return one;
    if (!isCaching(one) || !isCaching(other))
        return 'none';
    return levelOfCaching(cachingOf(one) & cachingOf(other)) ?? 'none';
}
/** Held by one handle at a time (or by handles of one key). */
export const isExclusive = (level) => level !== 'level-2' && level !== 'R' && level !== 'RH';
