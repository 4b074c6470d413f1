// What an operation has to tell others once its own work is done. Operations change the volume
// without ever waiting; what may run other drivers' code (completing somebody's notification) is
// collected here and happens afterwards, in order, before the operation's own request completes.
import { FileNotifyChange, FileAction } from '../../contract/windows/index.ts';
import type { RuleId } from '../../contract/rules.ts';
import { fullName, type DirectoryEntry } from './directoryEntry.ts';
import type { FileRecord } from './fileRecord.ts';
import type { Change, NotifyList } from './notify/notifyList.ts';

type OwnChange = Pick<Change, 'action' | 'filterMatch' | 'rules'> & {
  readonly streamName?: string;
};
type Consequence = () => void | Promise<void>;

export class Consequences {
  private readonly notify: NotifyList;
  /** Told of every directory in which something has changed. */
  private readonly onChangeBelow: (directory: FileRecord, consequences: Consequences) => void;
  private list: Consequence[] | null = null;

  constructor(notify: NotifyList, onChangeBelow: Consequences['onChangeBelow']) {
    this.notify = notify;
    this.onChangeBelow = onChangeBelow;
  }

  add(consequence: Consequence): void {
    (this.list ??= []).push(consequence);
  }

  /** Reports a change of `entry` under the name that it has now. */
  report(entry: DirectoryEntry, change: OwnChange): void {
    if (entry.parent !== null) this.onChangeBelow(entry.parent, this);
    this.reportTo(entry, change);
  }

  private reportTo(entry: DirectoryEntry, change: OwnChange): void {
    if (this.notify.isEmpty || entry.parent === null) return;
    const name = fullName(entry);
    const named = { ...change, fullName: name, nameOffset: name.length - entry.name.length };
    this.add(() => this.notify.reportChange(named));
  }

  /**
   * A name in `directory` came or went, so its own times changed: MODIFIED for the directory, as its
   * parent's watch and recursive watches above see it. Models: R-NOTIFY-44, grade U. The choice: at
   * once, after the report of the change itself, with LAST_WRITE only.
   */
  reportDirectoryTimes(directory: DirectoryEntry | undefined): void {
    if (directory === undefined) return;
    this.reportTo(directory, {
      action: FileAction.FILE_ACTION_MODIFIED,
      filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_WRITE,
      rules: directoryTimes,
    });
  }

  /** A promise only where something has to be waited for. */
  happen(): void | Promise<void> {
    return this.list === null ? undefined : run(this.list);
  }
}

const directoryTimes: readonly RuleId[] = ['R-NOTIFY-44'];

async function run(list: readonly Consequence[]): Promise<void> {
  for (const consequence of list) await consequence();
}
