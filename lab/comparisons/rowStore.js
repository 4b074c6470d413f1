export class RowStore {
    total;
    /** Places of the rows that do not just agree. */
    speaking;
    source;
    constructor(total, speaking, source) {
        this.total = total;
        this.speaking = speaking;
        this.source = source;
    }
    static of(rows) {
        const speaking = [];
        for (const [index, row] of rows.entries())
            if (row.verdict !== 'agrees')
                speaking.push(index);
        const source = {
            read: (places) => Promise.resolve(places.flatMap((place) => rows[place] ?? [])),
            close: () => Promise.resolve(),
        };
        return new RowStore(rows.length, Uint32Array.from(speaking), source);
    }
    static ofFile(file) {
        const { offsets, speaking } = file.index;
        return new RowStore(offsets.length - 1, speaking, file);
    }
    async window(from, count, speaking) {
        const length = speaking ? this.speaking.length : this.total;
        const places = [];
        for (let place = from; place < Math.min(from + count, length); place += 1) {
            places.push(speaking ? (this.speaking[place] ?? 0) : place);
        }
        const rows = await this.source.read(places);
        return rows.map((row, at) => ({ index: places[at] ?? 0, row }));
    }
    /** By bisection: the places are sorted. */
    nextSpeaking(after, backwards) {
        let low = 0;
        let high = this.speaking.length;
        while (low < high) {
            const middle = (low + high) >>> 1;
            const place = this.speaking[middle] ?? 0;
            if (place < after || (!backwards && place === after))
                low = middle + 1;
            else
                high = middle;
        }
        return this.speaking[backwards ? low - 1 : low] ?? null;
    }
    close() {
        return this.source.close();
    }
}
