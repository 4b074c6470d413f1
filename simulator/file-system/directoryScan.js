import { upcase } from './names.ts';
import { nameMatches } from './wildcards.ts';
/**
 * Goes through the names in their order and continues after the last one given, so that names which
 * come or go meanwhile are seen or missed as they would be in the index itself.
 */
export class DirectoryScan {
    directory;
    entry;
    /** Upcased; fixed by the first query of the handle, whatever later ones say. */
    mask;
    /** Dots that have been given: "." and "..", which the root does not have. */
    dots = 0;
    /** The last name given, upcased; null at the beginning. */
    last = null;
    /** A query has been answered. */
    begun = false;
    constructor(directory, entry, mask) {
        this.directory = directory;
        this.entry = entry;
        this.mask = mask === null || mask === '' ? '*' : upcase(mask);
    }
    restart() {
        this.dots = 0;
        this.last = null;
    }
    /** The next name without moving on to it; undefined at the end. */
    peek() {
        for (;;) {
            const dot = this.peekDot();
            if (dot !== undefined) {
                if (nameMatches(this.mask, dot.name))
                    return dot;
                this.dots += 1;
                continue;
            }
            return this.peekName();
        }
    }
    /** Moves past what `peek` gave. */
    advance(listed) {
        if (this.peekDot() !== undefined)
            this.dots += 1;
        else
            this.last = upcase(listed.name);
    }
    peekDot() {
        const parent = (this.entry ?? this.directory.links[0])?.parent;
        if (parent === null || parent === undefined)
            return undefined;
        if (this.dots === 0)
            return { name: '.', file: this.directory };
        return this.dots === 1 ? { name: '..', file: parent } : undefined;
    }
    peekName() {
        const { directory } = this.directory;
        if (directory === null)
            return undefined;
        const { keys } = directory;
        for (let at = firstAfter(keys, this.last); at < keys.length; at += 1) {
            const key = keys[at] ?? '';
            if (!nameMatches(this.mask, key))
                continue;
            const entry = directory.get(key);
            if (entry !== undefined)
                return { name: entry.name, file: entry.file };
        }
        return undefined;
    }
}
/** Index of the first key after `last`, in ordinal order. */
function firstAfter(keys, last) {
    if (last === null)
        return 0;
    let low = 0;
    let high = keys.length;
    while (low < high) {
        const middle = (low + high) >>> 1;
        if ((keys[middle] ?? '') <= last)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
