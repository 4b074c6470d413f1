// Byte-range locks of one stream, as the run-time library keeps them for file systems (FILE_LOCK).
// Knows ranges, owners and IRPs only. Ranges are exact in all 64 bits.
import { NtStatus } from '../../../contract/windows/index.ts';
import type { FileObject } from '../../io/fileObject.ts';
import type { Irp } from '../../io/irp.ts';

/** Bytes `offset` to `offset + length - 1`; of length 0 it lies between two bytes. */
export interface Range {
  readonly offset: bigint;
  readonly length: bigint;
}

/** All three must agree for a lock to be one's own. */
export interface LockOwner {
  readonly fileObject: FileObject;
  readonly process: object;
  readonly key: number;
}

export interface Lock extends Range {
  readonly owner: LockOwner;
  readonly exclusive: boolean;
}

interface Waiting {
  readonly irp: Irp;
  readonly lock: Lock;
}

/** A waiting request that is over, with its status. */
export interface Ended {
  readonly irp: Irp;
  readonly status: NtStatus;
}

const OFFSETS_END = 2n ** 64n;

/** A range may end at the last offset and not go round. Models: FsRtlProcessFileLock; grade I. */
export const isValidRange = ({ offset, length }: Range): boolean =>
  length === 0n || offset + length <= OFFSETS_END;

/** A range of length 0 overlaps only what it lies strictly inside of, and never another such one. */
const overlap = (one: Range, other: Range): boolean =>
  one.offset < other.offset + other.length &&
  other.offset < one.offset + one.length &&
  (one.length !== 0n || other.length !== 0n);

const isSameOwner = (one: LockOwner, other: LockOwner): boolean =>
  one.fileObject === other.fileObject && one.process === other.process && one.key === other.key;

export class ByteRangeLocks {
  /** In the order in which they were granted. */
  private held: Lock[] = [];
  /** In the order in which they were asked for. */
  private waiting: Waiting[] = [];
  /** Some lock has been held since the stream was last opened by nobody. */
  everHeld = false;

  get isEmpty(): boolean {
    return this.held.length === 0;
  }

  /**
   * Takes the lock unless another stands in its way: an exclusive lock is stopped by any overlapping
   * one, its owner's included; a shared lock by others' exclusive ones only.
   */
  tryLock(lock: Lock): boolean {
    if (!this.isFree(lock)) return false;
    this.held.push(lock);
    this.everHeld = true;
    return true;
  }

  private isFree(wanted: Lock): boolean {
    return !this.held.some((held) => {
      if (!overlap(held, wanted)) return false;
      if (wanted.exclusive) return true;
      return held.exclusive && !isSameOwner(held.owner, wanted.owner);
    });
  }

  wait(irp: Irp, lock: Lock): void {
    this.waiting.push({ irp, lock });
  }

  /** Gives up waiting: the request is being cancelled. */
  forget(irp: Irp): void {
    this.waiting = this.waiting.filter((one) => one.irp !== irp);
  }

  /**
   * FsRtlFastUnlockSingle: the range exactly as it was locked, by its owner. An exclusive lock goes
   * before a shared one of the same range (choice). False where there is none.
   */
  unlock(range: Range, owner: LockOwner): boolean {
    const isMeant = (lock: Lock): boolean =>
      lock.offset === range.offset &&
      lock.length === range.length &&
      isSameOwner(lock.owner, owner);
    const exclusive = this.held.findIndex((lock) => lock.exclusive && isMeant(lock));
    const at = exclusive >= 0 ? exclusive : this.held.findIndex(isMeant);
    if (at < 0) return false;
    this.held.splice(at, 1);
    return true;
  }

  /** FsRtlFastUnlockAll at the cleanup of a file object: its locks go, its waiting requests end. */
  unlockAll(fileObject: FileObject, isMeant: (lock: Lock) => boolean = () => true): Ended[] {
    const goes = (lock: Lock): boolean => lock.owner.fileObject === fileObject && isMeant(lock);
    this.held = this.held.filter((lock) => !goes(lock));
    const ended = this.waiting.filter(({ lock }) => goes(lock));
    this.waiting = this.waiting.filter(({ lock }) => !goes(lock));
    return ended.map(({ irp }) => ({ irp, status: NtStatus.STATUS_RANGE_NOT_LOCKED }));
  }

  /** Requests that need not wait any longer, in the order in which they came. */
  grantWaiting(): Ended[] {
    const granted: Ended[] = [];
    this.waiting = this.waiting.filter(({ irp, lock }) => {
      if (!this.tryLock(lock)) return true;
      granted.push({ irp, status: NtStatus.STATUS_SUCCESS });
      return false;
    });
    return granted;
  }

  /** FsRtlCheckLockForReadAccess: others' exclusive locks keep readers out. */
  mayRead(range: Range, owner: LockOwner): boolean {
    if (range.length === 0n) return true;
    return !this.held.some(
      (lock) => lock.exclusive && overlap(lock, range) && !isSameOwner(lock.owner, owner),
    );
  }

  /** FsRtlCheckLockForWriteAccess: a shared lock keeps everybody from writing, its owner too. */
  mayWrite(range: Range, owner: LockOwner): boolean {
    if (range.length === 0n) return true;
    return !this.held.some(
      (lock) => overlap(lock, range) && !(lock.exclusive && isSameOwner(lock.owner, owner)),
    );
  }
}
