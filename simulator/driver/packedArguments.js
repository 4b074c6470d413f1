export class PackedArguments {
    room;
    routine;
    next;
    constructor(room, address, routine) {
        this.room = room;
        this.next = address;
        this.routine = routine;
    }
    u32() {
        const { room, next } = this;
        room.probe(next, 4, false, this.routine);
        this.next += 4;
        return room.memory.read32(next);
    }
    u64() {
        const { room } = this;
        const at = (this.next + 7) & ~7;
        room.probe(at, 8, false, this.routine);
        this.next = at + 8;
        return room.memory.read64(at);
    }
}
