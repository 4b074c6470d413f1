// Rundown references on filters, volumes and instances: what FltGet…, FltEnumerate… and
// FltObjectReference give out, and FltObjectDereference takes back.
// Differs: a teardown does not wait for references that are left; they are told when the driver is gone.
import { captureStack } from './places.ts';
export class FltReferences {
    room;
    known = new Map();
    constructor(room) {
        this.room = room;
    }
    /** One more on the object at this address; false when it is none of the Filter Manager's. */
    add(address) {
        const what = this.describe(address);
        if (what === undefined)
            return false;
        const stack = captureStack();
        const known = this.known.get(address);
        if (known === undefined)
            this.known.set(address, { what, count: 1, stack });
        else
            Object.assign(known, { count: known.count + 1, stack });
        return true;
    }
    release(address) {
        const known = this.known.get(address);
        if (known !== undefined) {
            known.count -= 1;
            if (known.count === 0)
                this.known.delete(address);
            return;
        }
        this.room.kernel.report({
            id: 'bad-handle',
            message: `FltObjectDereference was given 0x${address.toString(16).padStart(8, '0')}, on which this ` +
                'driver holds no reference.',
        });
    }
    describe(address) {
        const { manager } = this.room;
        const instance = manager.instanceAt(address);
        if (instance !== undefined) {
            return `instance ${instance.name} on ${instance.volume.volume.name}`;
        }
        const volume = manager.volumeAt(address);
        if (volume !== undefined)
            return `volume ${volume.volume.name}`;
        const filter = manager.filterAt(address);
        return filter && `filter ${filter.name}`;
    }
    reportLeaks() {
        for (const { what, count, stack } of this.known.values()) {
            this.room.kernel.report({
                id: 'object-leak',
                message: `The ${what}, referenced here, still has ${count} reference(s) of the driver's after it has ` +
                    'unloaded. Windows would wait for them.',
                stack: this.room.placesOf(stack),
            });
        }
        this.known.clear();
    }
}
