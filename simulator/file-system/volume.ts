// A mounted volume: its files by file id, its root, its notify list. Nothing here waits.
import { assert } from '../../contract/assert.ts';
import { FileAttribute } from '../../contract/windows/index.ts';
import type { DeviceObject, DriverObject, Volume } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import { currentStackLocation, type Irp } from '../io/irp.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { Consequences } from './consequences.ts';
import type { DirectoryEntry } from './directoryEntry.ts';
import { FileRecord } from './fileRecord.ts';
import { breakOplocks } from './oplocks/oplockCheck.ts';
import { namesReparsePoint } from './create/namesReparsePoint.ts';
import { NotifyList } from './notify/notifyList.ts';
import { everyoneFull, inheritedDacl } from './security.ts';

export interface FileSystemOptions {
  /** Short name that workloads use: "C". */
  readonly volumeName: string;
  /** "\Device\HarddiskVolume2". */
  readonly deviceName: string;
}

/** Record numbers of the root directory, of $Volume, and of the first file that is somebody's. */
const ROOT_RECORD = 5;
const VOLUME_RECORD = 3;
const FIRST_USER_RECORD = 0x24;
/** A file reference number holds the sequence number of its record from bit 48 on. */
const SEQUENCE = 2 ** 48;
/** \$Extend\$Deleted, where files live on that have lost their names. */
export const DELETED_DIRECTORY_ID = SEQUENCE + 0x1d;

const NTFS_DEVICE_BYTES = 0xb8;

export class FileSystemVolume implements Volume {
  readonly kernel: Kernel;
  readonly io: IoManager;
  readonly name: string;
  readonly deviceName: string;
  readonly fileSystemDevice: DeviceObject;
  readonly openFiles = new Set<FileObject>();
  readonly notify: NotifyList;
  readonly root: FileRecord;
  /** What an open of the volume itself is an open of; no directory has it. */
  readonly itself: DirectoryEntry;
  /** FSCTL_DISMOUNT_VOLUME: handles are of no use any more, and only closed. */
  dismounted = false;
  private readonly records = new Map<number, FileRecord>();
  private nextRecord = FIRST_USER_RECORD;

  constructor(kernel: Kernel, io: IoManager, options: FileSystemOptions, driver: DriverObject) {
    this.kernel = kernel;
    this.io = io;
    this.name = options.volumeName;
    this.deviceName = options.deviceName;
    this.notify = new NotifyList(kernel, io);
    this.fileSystemDevice = {
      address: io.allocateObject('device', NTFS_DEVICE_BYTES),
      name: options.deviceName,
      driver,
      stackSize: 1,
      lower: null,
      attached: null,
      volume: this,
    };
    this.root = this.makeOwn(ROOT_RECORD, true);
    this.records.set(this.root.id, this.root);
    const volume = this.makeOwn(VOLUME_RECORD, false);
    const [entry = entryOf(volume)] = volume.links;
    this.itself = entry;
  }

  /** Carries a request of ours out anew, in a thread of the system; it has been pending meanwhile. */
  resume(irp: Irp): void {
    // No routine left to take back: it is being cancelled.
    if (this.io.setCancelRoutine(irp, null) === null) return;
    const { driver } = this.fileSystemDevice;
    const dispatch = driver.dispatch.get(currentStackLocation(irp).majorFunction);
    assert(dispatch !== undefined, 'a request that waited here came through our dispatch table');
    this.kernel.workQueue.queue('a request that waited for an oplock', async () => {
      await dispatch(this.fileSystemDevice, irp);
    });
  }

  leadsToReparsePoint(file: FileObject): boolean {
    return namesReparsePoint(this, file);
  }

  consequences(): Consequences {
    return new Consequences(this.notify, (directory, consequences) => {
      const { main: stream } = directory;
      // Nobody has the key of a directory's oplock for what he does to a file in it.
      breakOplocks({ volume: this, consequences }, stream, 'change-below', stream);
    });
  }

  /** The file with this reference number, also while it only lives on in open handles. */
  byId(id: number): FileRecord | undefined {
    return this.records.get(id);
  }

  /** A new file or directory without a name; `parent` gives it its access control. */
  createFile(parent: FileRecord, isDirectory: boolean, attributes: number): FileRecord {
    const file = new FileRecord({
      id: SEQUENCE + this.nextRecord,
      isDirectory,
      attributes,
      now: this.kernel.clock.now(),
      dacl: inheritedDacl(parent.dacl, isDirectory),
    });
    this.nextRecord += 1;
    this.records.set(file.id, file);
    return file;
  }

  /** Gives a file a name. The name must be free. */
  addName(file: FileRecord, parent: FileRecord, name: string): DirectoryEntry {
    assert(parent.directory !== null, 'only directories hold names');
    assert(parent.directory.find(name) === undefined, 'a name is given once');
    const entry = { name, parent, file, deletePending: false, openCount: 0, removed: false };
    parent.directory.add(entry);
    file.links.push(entry);
    this.touchDirectory(parent);
    return entry;
  }

  /** Takes a name away; the file goes with its last name and its last open. */
  removeName(entry: DirectoryEntry): void {
    const { file, parent } = entry;
    assert(parent?.directory !== null && parent !== null, 'the root has no name to lose');
    parent.directory?.remove(entry);
    file.links.splice(file.links.indexOf(entry), 1);
    entry.removed = true;
    file.times.change = this.kernel.clock.now();
    this.touchDirectory(parent);
    this.forgetIfGone(file);
  }

  /** Moves a name to another directory, or changes how it is written. */
  moveName(entry: DirectoryEntry, parent: FileRecord, name: string): void {
    assert(entry.parent?.directory && parent.directory, 'only directories hold names');
    const from = entry.parent;
    entry.parent.directory.remove(entry);
    entry.parent = parent;
    entry.name = name;
    parent.directory.add(entry);
    entry.file.times.change = this.kernel.clock.now();
    this.touchDirectory(from);
    if (parent !== from) this.touchDirectory(parent);
  }

  /** Called when a name or an open of the file has gone. */
  forgetIfGone(file: FileRecord): void {
    if (file.links.length === 0 && file.openCount === 0) this.records.delete(file.id);
  }

  private touchDirectory(directory: FileRecord): void {
    const now = this.kernel.clock.now();
    directory.times.lastWrite = now;
    directory.times.change = now;
  }

  /** A file of the file system's own, which has its name from nobody. */
  private makeOwn(record: number, isDirectory: boolean): FileRecord {
    const file = new FileRecord({
      id: record * SEQUENCE + record,
      isDirectory,
      attributes: FileAttribute.FILE_ATTRIBUTE_HIDDEN | FileAttribute.FILE_ATTRIBUTE_SYSTEM,
      now: this.kernel.clock.now(),
      dacl: everyoneFull,
    });
    file.links.push(entryOf(file));
    return file;
  }
}

const entryOf = (file: FileRecord): DirectoryEntry => ({
  name: '',
  parent: null,
  file,
  deletePending: false,
  openCount: 0,
  removed: false,
});
