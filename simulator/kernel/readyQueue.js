export class ReadyQueue {
    threads = [];
    head = 0;
    choice;
    /** Without a source of choice the plain schedule: first come, first served. */
    constructor(choice) {
        this.choice = choice;
    }
    get length() {
        return this.threads.length - this.head;
    }
    push(thread) {
        this.threads.push(thread);
    }
    take() {
        if (this.length === 0)
            return null;
        const place = this.choice === null ? this.head : this.head + this.choice.below(this.length);
        const taken = this.threads[place];
        if (place === this.head)
            this.dropFirst();
        else
            this.threads.splice(place, 1);
        return taken;
    }
    dropFirst() {
        this.head += 1;
        if (this.head === this.threads.length) {
            this.threads.length = 0;
            this.head = 0;
        }
        else if (this.head > 64) {
            this.threads = this.threads.slice(this.head);
            this.head = 0;
        }
    }
}
