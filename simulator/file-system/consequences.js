// What an operation has to tell others once its own work is done. Operations change the volume
// without ever waiting; what may run other drivers' code (completing somebody's notification) is
// collected here and happens afterwards, in order, before the operation's own request completes.
import { FileNotifyChange, FileAction } from '../../contract/windows/index.ts';
import { fullName } from './directoryEntry.ts';
export class Consequences {
    notify;
    /** Told of every directory in which something has changed. */
    onChangeBelow;
    list = null;
    constructor(notify, onChangeBelow) {
        this.notify = notify;
        this.onChangeBelow = onChangeBelow;
    }
    add(consequence) {
        (this.list ??= []).push(consequence);
    }
    /** Reports a change of `entry` under the name that it has now. */
    report(entry, change) {
        if (entry.parent !== null)
            this.onChangeBelow(entry.parent, this);
        this.reportTo(entry, change);
    }
    reportTo(entry, change) {
        if (this.notify.isEmpty || entry.parent === null)
            return;
        const name = fullName(entry);
        const named = { ...change, fullName: name, nameOffset: name.length - entry.name.length };
        this.add(() => this.notify.reportChange(named));
    }
    /**
     * A name in `directory` came or went, so its own times changed: MODIFIED for the directory, as its
     * parent's watch and recursive watches above see it. Models: R-NOTIFY-44, grade U. The choice: at
     * once, after the report of the change itself, with LAST_WRITE only.
     */
    reportDirectoryTimes(directory) {
        if (directory === undefined)
            return;
        this.reportTo(directory, {
            action: FileAction.FILE_ACTION_MODIFIED,
            filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_WRITE,
            rules: directoryTimes,
        });
    }
    /** A promise only where something has to be waited for. */
    happen() {
        return this.list === null ? undefined : run(this.list);
    }
}
const directoryTimes = ['R-NOTIFY-44'];
async function run(list) {
    for (const consequence of list)
        await consequence();
}
