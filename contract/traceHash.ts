// A hash of a trace, fast enough to be taken of every event while it is told. It goes over the events as
// the trees that their JSON text describes: each key in its place, each value with its type. Traces with
// the same text have the same hash; another one changes with any key, value or order. 64 bits, the same
// on every platform; it is no protection against someone who forges.

const [SEED_A, SEED_B] = [0x243f6a88, 0x85a308d3 | 0];
const [MULTIPLIER_A, MULTIPLIER_B] = [0x9e3779b1 | 0, 0x85ebca77 | 0];

/** What stands for each type, so that 1, "1", true and [1] differ. */
const mark = {
  null: 0x11,
  true: 0x12,
  false: 0x13,
  integer: 0x21,
  fraction: 0x22,
  text: 0x31,
  list: 0x41,
  record: 0x51,
} as const;

/** Shorter texts may be new each time (numbers of operations) and are soon read again. */
const REMEMBERED_FROM = 9;
const REMEMBERED_MAX = 4096;

/**
 * What a record held when one like it was last added, key by key: most fields of an event are those of
 * the event before it, and their digests with them.
 */
interface Likeness {
  readonly keys: string[];
  readonly keyFirst: number[];
  readonly keySecond: number[];
  readonly values: unknown[];
  readonly first: number[];
  readonly second: number[];
  readonly nested: (Likeness | null)[];
}

const newLikeness = (): Likeness => ({
  keys: [],
  keyFirst: [],
  keySecond: [],
  values: [],
  first: [],
  second: [],
  nested: [],
});

/** Is no value. */
const nothing = Symbol('nothing');

export class TraceHash {
  private a = SEED_A;
  private b = SEED_B;
  private readonly texts = new Map<string, readonly [first: number, second: number]>();
  /** By kind and filter, which decide most of an event. */
  private readonly likenesses = new Map<unknown, Map<unknown, Likeness>>();
  private readonly double = new DataView(new ArrayBuffer(8));
  // The digest of what was looked at last: two fields spare an object for each value.
  private first = 0;
  private second = 0;

  /** Adds an event. Neither it nor what it holds is changed afterwards. */
  add(event: { readonly kind?: unknown; readonly filter?: unknown }): void {
    this.record(event, this.likenessOf(event.kind, event.filter));
    const { first, second } = this;
    this.first = this.a;
    this.second = this.b;
    this.step(first, second);
    this.a = this.first;
    this.b = this.second;
  }

  /** 16 hexadecimal digits, of all that was added. */
  digest(): string {
    const hex = (half: number): string => (finished(half) >>> 0).toString(16).padStart(8, '0');
    return hex(this.a ^ finished(this.b)) + hex(this.b);
  }

  private likenessOf(kind: unknown, filter: unknown): Likeness {
    let ofKind = this.likenesses.get(kind);
    if (ofKind === undefined) this.likenesses.set(kind, (ofKind = new Map()));
    let likeness = ofKind.get(filter);
    if (likeness === undefined) ofKind.set(filter, (likeness = newLikeness()));
    return likeness;
  }

  /**
   * From one state, in `first` and `second`, to the next: for any state each half tells all values
   * apart, and the halves reach each other.
   */
  private step(first: number, second: number): void {
    const a = Math.imul(this.first ^ first, MULTIPLIER_A);
    const b = Math.imul(this.second ^ second, MULTIPLIER_B);
    this.first = (((a << 13) | (a >>> 19)) + b) | 0;
    this.second = ((b << 17) | (b >>> 15)) ^ a;
  }

  /** Leaves the digest of a value in `first` and `second`, as all that follow do. */
  private value(value: unknown, like: Likeness | null): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') this.constant(value ? mark.true : mark.false);
    else if (value === null || typeof value !== 'object') this.constant(mark.null);
    else if (Array.isArray(value)) this.list(value);
    else this.record(value, like ?? newLikeness());
  }

  private constant(kind: number): void {
    this.first = Math.imul(kind, MULTIPLIER_B);
    this.second = Math.imul(kind, MULTIPLIER_A);
  }

  private number(value: number): void {
    if ((value | 0) === value) {
      this.first = Math.imul(value ^ mark.integer, MULTIPLIER_B);
      this.second = (value + mark.integer) | 0;
      return;
    }
    this.double.setFloat64(0, value);
    const [high, low] = [this.double.getInt32(0), this.double.getInt32(4)];
    this.first = (Math.imul(high ^ mark.fraction, MULTIPLIER_B) + low) | 0;
    this.second = high ^ Math.imul(low, MULTIPLIER_A);
  }

  private text(value: string): void {
    if (value.length < REMEMBERED_FROM) this.units(value);
    else this.remembered(value);
  }

  private remembered(value: string): void {
    const known = this.texts.get(value);
    if (known !== undefined) {
      this.first = known[0];
      this.second = known[1];
      return;
    }
    this.units(value);
    if (this.texts.size >= REMEMBERED_MAX) this.texts.clear();
    this.texts.set(value, [this.first, this.second]);
  }

  /** The UTF-16 units of a text, and their number. */
  private units(value: string): void {
    let first: number = mark.text;
    let second = value.length;
    for (let at = 0; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      first = Math.imul(first ^ unit, MULTIPLIER_A);
      first = (first << 15) | (first >>> 17);
      second = Math.imul((second + unit) | 0, MULTIPLIER_B);
      second ^= second >>> 15;
    }
    this.first = first;
    this.second = second;
  }

  /** Hashed by itself, so that where it ends is part of it; a record likewise. */
  private list(values: readonly unknown[]): void {
    let [a, b] = [mark.list as number, values.length];
    for (const value of values) {
      this.value(value, null);
      const { first, second } = this;
      this.first = a;
      this.second = b;
      this.step(first, second);
      a = this.first;
      b = this.second;
    }
    this.first = a;
    this.second = b;
  }

  private record(record: object, like: Likeness): void {
    const fields = record as Readonly<Record<string, unknown>>;
    let a = SEED_A;
    let b = SEED_B;
    let at = 0;
    for (const key in fields) {
      const value = fields[key];
      // JSON leaves it out.
      if (value === undefined) continue;
      if (like.keys[at] !== key) this.learnKey(like, at, key);
      if (like.values[at] !== value) this.learnValue(like, at, value);
      // The steps of `step`, once for both: a key and a value that change places are another pair.
      const first =
        (like.keyFirst[at] as number) + Math.imul(like.first[at] as number, MULTIPLIER_B);
      const second = (like.keySecond[at] as number) ^ (like.second[at] as number);
      const left = Math.imul(a ^ first, MULTIPLIER_A);
      const right = Math.imul(b ^ second, MULTIPLIER_B);
      a = (((left << 13) | (left >>> 19)) + right) | 0;
      b = ((right << 17) | (right >>> 15)) ^ left;
      at += 1;
    }
    this.first = a;
    this.second = (Math.imul(b ^ mark.record, MULTIPLIER_A) + at) | 0;
  }

  private learnKey(like: Likeness, at: number, key: string): void {
    this.remembered(key);
    like.keys[at] = key;
    like.keyFirst[at] = this.first;
    like.keySecond[at] = Math.imul(this.second, MULTIPLIER_A);
    like.values[at] = nothing;
    like.nested[at] = null;
  }

  private learnValue(like: Likeness, at: number, value: unknown): void {
    const isNested = typeof value === 'object' && value !== null;
    this.value(value, isNested ? (like.nested[at] ??= newLikeness()) : null);
    like.values[at] = value;
    like.first[at] = this.first;
    like.second[at] = this.second;
  }
}

/** Spreads every bit of a half over all of it. */
function finished(half: number): number {
  let mixed = half ^ (half >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
