// Byte-range locks of one stream, as the run-time library keeps them for file systems (FILE_LOCK).
// Knows ranges, owners and IRPs only. Ranges are exact in all 64 bits.
import { NtStatus } from '../../../contract/windows/index.ts';
const OFFSETS_END = 2n ** 64n;
/** A range may end at the last offset and not go round. Models: FsRtlProcessFileLock; grade I. */
export const isValidRange = ({ offset, length }) => length === 0n || offset + length <= OFFSETS_END;
/** A range of length 0 overlaps only what it lies strictly inside of, and never another such one. */
const overlap = (one, other) => one.offset < other.offset + other.length &&
    other.offset < one.offset + one.length &&
    (one.length !== 0n || other.length !== 0n);
const isSameOwner = (one, other) => one.fileObject === other.fileObject && one.process === other.process && one.key === other.key;
export class ByteRangeLocks {
    /** In the order in which they were granted. */
    held = [];
    /** In the order in which they were asked for. */
    waiting = [];
    /** Some lock has been held since the stream was last opened by nobody. */
    everHeld = false;
    get isEmpty() {
        return this.held.length === 0;
    }
    /**
     * Takes the lock unless another stands in its way: an exclusive lock is stopped by any overlapping
     * one, its owner's included; a shared lock by others' exclusive ones only.
     */
    tryLock(lock) {
        if (!this.isFree(lock))
            return false;
        this.held.push(lock);
        this.everHeld = true;
        return true;
    }
    isFree(wanted) {
        return !this.held.some((held) => {
            if (!overlap(held, wanted))
                return false;
            if (wanted.exclusive)
                return true;
            return held.exclusive && !isSameOwner(held.owner, wanted.owner);
        });
    }
    wait(irp, lock) {
        this.waiting.push({ irp, lock });
    }
    /** Gives up waiting: the request is being cancelled. */
    forget(irp) {
        this.waiting = this.waiting.filter((one) => one.irp !== irp);
    }
    /**
     * FsRtlFastUnlockSingle: the range exactly as it was locked, by its owner. An exclusive lock goes
     * before a shared one of the same range (choice). False where there is none.
     */
    unlock(range, owner) {
        const isMeant = (lock) => lock.offset === range.offset &&
            lock.length === range.length &&
            isSameOwner(lock.owner, owner);
        const exclusive = this.held.findIndex((lock) => lock.exclusive && isMeant(lock));
        const at = exclusive >= 0 ? exclusive : this.held.findIndex(isMeant);
        if (at < 0)
            return false;
        this.held.splice(at, 1);
        return true;
    }
    /** FsRtlFastUnlockAll at the cleanup of a file object: its locks go, its waiting requests end. */
    unlockAll(fileObject, isMeant = () => true) {
        const goes = (lock) => lock.owner.fileObject === fileObject && isMeant(lock);
        this.held = this.held.filter((lock) => !goes(lock));
        const ended = this.waiting.filter(({ lock }) => goes(lock));
        this.waiting = this.waiting.filter(({ lock }) => !goes(lock));
        return ended.map(({ irp }) => ({ irp, status: NtStatus.STATUS_RANGE_NOT_LOCKED }));
    }
    /** Requests that need not wait any longer, in the order in which they came. */
    grantWaiting() {
        const granted = [];
        this.waiting = this.waiting.filter(({ irp, lock }) => {
            if (!this.tryLock(lock))
                return true;
            granted.push({ irp, status: NtStatus.STATUS_SUCCESS });
            return false;
        });
        return granted;
    }
    /** FsRtlCheckLockForReadAccess: others' exclusive locks keep readers out. */
    mayRead(range, owner) {
        if (range.length === 0n)
            return true;
        return !this.held.some((lock) => lock.exclusive && overlap(lock, range) && !isSameOwner(lock.owner, owner));
    }
    /** FsRtlCheckLockForWriteAccess: a shared lock keeps everybody from writing, its owner too. */
    mayWrite(range, owner) {
        if (range.length === 0n)
            return true;
        return !this.held.some((lock) => overlap(lock, range) && !(lock.exclusive && isSameOwner(lock.owner, owner)));
    }
}
