import { fltMajorName, ntStatusName } from '../../contract/windows/index.ts';
import { captureStack } from './places.ts';
export class OwnData {
    room;
    known = new Map();
    constructor(room) {
        this.room = room;
    }
    at(address) {
        return this.known.get(address)?.data;
    }
    allocate(instance, file) {
        const data = this.room.manager.io.allocateData(instance, file);
        this.room.callbackData.write(data);
        this.known.set(data.address, { data, stack: captureStack() });
        return data.address;
    }
    free(data) {
        this.known.delete(data.address);
        this.room.manager.io.freeData(data);
    }
    reuse(data) {
        this.room.manager.io.reuseData(data);
        this.room.callbackData.write(data);
    }
    async perform(data) {
        this.room.callbackData.readOwnBlock(data);
        await this.room.manager.io.performData(data);
        this.room.callbackData.writeState(data);
        const shown = `${ntStatusName(data.ioStatus.status)} ${data.ioStatus.information}`;
        const name = fltMajorName(data.iopb.majorFunction);
        const rules = [...this.rulesBehind(data)];
        this.room.tell('fltmgr', 'FltPerformSynchronousIo', [name], shown, rules);
    }
    /** On another volume than that of the operation at hand it stands for a redirected one. */
    rulesBehind({ iopb }) {
        const callback = this.room.threads.current?.callbacks.at(-1);
        const here = callback?.data?.operation.volume.volume;
        const there = iopb.targetInstance?.volume.volume;
        if (here === undefined || here === there)
            return ['R-FLT-27'];
        return ['R-FLT-27', 'R-REDIRECT-36', 'R-REDIRECT-37'];
    }
    /** The callback is called in any case, also before this returns (R-FLT-29). */
    start(data, routine, context) {
        const { room } = this;
        room.callbackData.readOwnBlock(data);
        return room.manager.io.startData(data, () => this.tell(data, routine, context));
    }
    async tell(data, routine, context) {
        const { room } = this;
        room.callbackData.writeState(data);
        const callback = { kind: 'other', data: null, place: room.placeOfRoutine(routine) };
        await room.call(routine, callback, () => [data.address, context]);
    }
    /** After the unload. */
    reportLeaks() {
        for (const { data, stack } of this.known.values()) {
            const address = `0x${data.address.toString(16).padStart(8, '0')}`;
            this.room.kernel.report({
                id: 'object-leak',
                message: `The callback data ${address}, allocated here, was never freed.`,
                stack: this.room.placesOf(stack),
            });
        }
    }
}
