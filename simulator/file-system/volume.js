// A mounted volume: its files by file id, its root, its notify list. Nothing here waits.
import { assert } from '../../contract/assert.ts';
import { FileAttribute } from '../../contract/windows/index.ts';
import { currentStackLocation } from '../io/irp.ts';
import { Consequences } from './consequences.ts';
import { FileRecord } from './fileRecord.ts';
import { breakOplocks } from './oplocks/oplockCheck.ts';
import { namesReparsePoint } from './create/namesReparsePoint.ts';
import { NotifyList } from './notify/notifyList.ts';
import { everyoneFull, inheritedDacl } from './security.ts';
/** Record number of the root directory, and of the first file that is not the file system's own. */
const ROOT_RECORD = 5;
const FIRST_USER_RECORD = 0x24;
/** A file reference number holds the sequence number of its record from bit 48 on. */
const SEQUENCE = 2 ** 48;
/** \$Extend\$Deleted, where files live on that have lost their names. */
export const DELETED_DIRECTORY_ID = SEQUENCE + 0x1d;
const NTFS_DEVICE_BYTES = 0xb8;
export class FileSystemVolume {
    kernel;
    io;
    name;
    deviceName;
    fileSystemDevice;
    openFiles = new Set();
    notify;
    root;
    records = new Map();
    nextRecord = FIRST_USER_RECORD;
    constructor(kernel, io, options, driver) {
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
        this.root = this.makeRoot();
    }
    /** Carries a request of ours out anew, in a thread of the system; it has been pending meanwhile. */
    resume(irp) {
        // No routine left to take back: it is being cancelled.
        if (this.io.setCancelRoutine(irp, null) === null)
            return;
        const { driver } = this.fileSystemDevice;
        const dispatch = driver.dispatch.get(currentStackLocation(irp).majorFunction);
        assert(dispatch !== undefined, 'a request that waited here came through our dispatch table');
        this.kernel.workQueue.queue('a request that waited for an oplock', async () => {
            await dispatch(this.fileSystemDevice, irp);
        });
    }
    leadsToReparsePoint(file) {
        return namesReparsePoint(this, file);
    }
    consequences() {
        return new Consequences(this.notify, (directory, consequences) => {
            const { main: stream } = directory;
            // Nobody has the key of a directory's oplock for what he does to a file in it.
            breakOplocks({ volume: this, consequences }, stream, 'change-below', stream);
        });
    }
    /** The file with this reference number, also while it only lives on in open handles. */
    byId(id) {
        return this.records.get(id);
    }
    /** A new file or directory without a name; `parent` gives it its access control. */
    createFile(parent, isDirectory, attributes) {
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
    addName(file, parent, name) {
        assert(parent.directory !== null, 'only directories hold names');
        assert(parent.directory.find(name) === undefined, 'a name is given once');
        const entry = { name, parent, file, deletePending: false, openCount: 0, removed: false };
        parent.directory.add(entry);
        file.links.push(entry);
        this.touchDirectory(parent);
        return entry;
    }
    /** Takes a name away; the file goes with its last name and its last open. */
    removeName(entry) {
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
    moveName(entry, parent, name) {
        assert(entry.parent?.directory && parent.directory, 'only directories hold names');
        const from = entry.parent;
        entry.parent.directory.remove(entry);
        entry.parent = parent;
        entry.name = name;
        parent.directory.add(entry);
        entry.file.times.change = this.kernel.clock.now();
        this.touchDirectory(from);
        if (parent !== from)
            this.touchDirectory(parent);
    }
    /** Called when a name or an open of the file has gone. */
    forgetIfGone(file) {
        if (file.links.length === 0 && file.openCount === 0)
            this.records.delete(file.id);
    }
    touchDirectory(directory) {
        const now = this.kernel.clock.now();
        directory.times.lastWrite = now;
        directory.times.change = now;
    }
    makeRoot() {
        const root = new FileRecord({
            id: ROOT_RECORD * SEQUENCE + ROOT_RECORD,
            isDirectory: true,
            attributes: FileAttribute.FILE_ATTRIBUTE_HIDDEN | FileAttribute.FILE_ATTRIBUTE_SYSTEM,
            now: this.kernel.clock.now(),
            dacl: everyoneFull,
        });
        root.links.push({
            name: '',
            parent: null,
            file: root,
            deletePending: false,
            openCount: 0,
            removed: false,
        });
        this.records.set(root.id, root);
        return root;
    }
}
