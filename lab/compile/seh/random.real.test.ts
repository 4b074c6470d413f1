// Random nests of __try, loops and jumps, run as compiled C and by a model of what Windows does: the
// same letters in the same order, the same result. A failure names its seed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MiniHost } from '../testing/miniHost.ts';
import { createTinyCompiler } from '../testing/tinyCompiler.ts';

type Statement =
  | { readonly kind: 'say' | 'raise' | 'return'; readonly value: number }
  | { readonly kind: 'break' | 'continue' | 'leave' }
  | { readonly kind: 'loop'; readonly turns: number; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly counter: number; readonly body: readonly Statement[] }
  | {
      readonly kind: 'finally';
      readonly body: readonly Statement[];
      readonly block: readonly Statement[];
    }
  | {
      readonly kind: 'except';
      readonly filter: 'one' | 'zero' | 'asks-one' | 'asks-zero';
      readonly body: readonly Statement[];
      readonly block: readonly Statement[];
    };

/** Where a statement stands: which jumps it may make. */
interface Place {
  readonly depth: number;
  readonly inLoop: boolean;
  readonly inTry: boolean;
  /** Nothing may jump out of a __finally block. */
  readonly free: boolean;
}

/** A small generator of numbers: the same seed gives the same tests everywhere. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Of one program, those without a body apart. */
const STATEMENTS = 32;

function generate(seed: number): readonly Statement[] {
  const random = createRandom(seed);
  let counters = 0;
  let budget = STATEMENTS;
  const block = (place: Place): Statement[] =>
    Array.from({ length: 1 + random(3) }, () => statement({ ...place, depth: place.depth + 1 }));
  const statement = (place: Place): Statement => {
    const choice = random(place.depth > 5 || --budget < 0 ? 4 : 13);
    switch (choice) {
      case 1:
        return place.inTry ? { kind: 'raise', value: 1 + random(9) } : say();
      case 2:
        return place.free && random(3) === 0 ? { kind: 'return', value: random(90) } : say();
      case 3:
        return jump(place);
      case 4:
      case 5:
        return {
          kind: 'loop',
          turns: 1 + random(3),
          body: block({ ...place, inLoop: true, free: place.free }),
        };
      case 6:
      case 7:
        return { kind: 'if', counter: counters++, body: block(place) };
      case 8:
      case 9:
      case 10:
        return {
          kind: 'finally',
          body: block({ ...place, inTry: true }),
          block: block({ ...place, inLoop: false, inTry: false, free: false }),
        };
      case 11:
      case 12:
        return {
          kind: 'except',
          filter: (['one', 'zero', 'asks-one', 'asks-zero'] as const)[random(4)] ?? 'one',
          body: block({ ...place, inTry: true }),
          block: block(place),
        };
      default:
        return say();
    }
  };
  const say = (): Statement => ({ kind: 'say', value: 'a'.charCodeAt(0) + random(26) });
  const jump = (place: Place): Statement => {
    if (place.inTry && random(2) === 0) return { kind: 'leave' };
    if (!place.inLoop) return say();
    return { kind: random(2) === 0 ? 'break' : 'continue' };
  };
  // Each part under a handler of its own, so that one exception does not end them all.
  return Array.from({ length: 4 }, () => {
    const part = statement({ depth: 0, inLoop: true, inTry: true, free: true });
    const body: Statement = { kind: 'loop', turns: 2, body: [part, say()] };
    return { kind: 'except', filter: 'one', body: [body], block: [say()] };
  });
}

/** Every other pass of an `if` is taken, so that raises and jumps happen at different turns. */
function toC(statements: readonly Statement[]): string {
  return statements
    .map((one) => {
      switch (one.kind) {
        case 'say':
          return `say(${one.value});`;
        case 'raise':
          return `raise(${one.value});`;
        case 'return':
          return `return note(${one.value});`;
        case 'leave':
          return '__leave;';
        case 'loop':
          return `for (int i = 0; i < ${one.turns}; i++) { ${toC(one.body)} }`;
        case 'if':
          return `if (counters[${one.counter}]++ & 1) { ${toC(one.body)} }`;
        case 'finally':
          return `__try { ${toC(one.body)} } __finally { say('0' + AbnormalTermination()); ${toC(one.block)} }`;
        case 'except':
          return `__try { ${toC(one.body)} } __except (${filters[one.filter]}) { say('0' + GetExceptionCode()); ${toC(one.block)} }`;
        default:
          return `${one.kind};`;
      }
    })
    .join(' ');
}
const filters = { one: '1', zero: '0', 'asks-one': "ask('+', 1)", 'asks-zero': "ask('-', 0)" };

// The model

class Unwind {
  readonly frame: object;
  readonly code: number;
  constructor(frame: object, code: number) {
    this.frame = frame;
    this.code = code;
  }
}
class Jump {
  readonly kind: 'return' | 'break' | 'continue' | 'leave';
  readonly value: number;
  constructor(kind: Jump['kind'], value = 0) {
    this.kind = kind;
    this.value = value;
  }
}
class Unhandled {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}
const MANY = 3000;

interface Frame {
  readonly filter: keyof typeof filters | 'none';
}

class Model {
  log = '';
  readonly #frames: Frame[] = [];
  readonly #counters: number[] = [];

  run(statements: readonly Statement[]): number | string {
    try {
      this.#all(statements);
      return -1;
    } catch (end) {
      if (end instanceof Jump) return end.value;
      if (end instanceof Unhandled) return `unhandled ${end.code}`;
      throw end;
    }
  }

  #all(statements: readonly Statement[]): void {
    for (const one of statements) this.#one(one);
  }

  #say(letter: string): void {
    this.log += letter;
  }

  #raise(code: number): never {
    for (const frame of this.#frames.toReversed()) {
      if (frame.filter === 'asks-one') this.#say('+');
      if (frame.filter === 'asks-zero') this.#say('-');
      if (frame.filter === 'one' || frame.filter === 'asks-one') throw new Unwind(frame, code);
    }
    throw new Unhandled(code);
  }

  #one(one: Statement): void {
    switch (one.kind) {
      case 'say':
        return this.#say(String.fromCharCode(one.value));
      case 'raise':
        return this.#raise(one.value);
      case 'return':
        this.#say('r');
        throw new Jump('return', one.value);
      case 'loop':
        return this.#loop(one.turns, one.body);
      case 'if': {
        const passes = this.#counters[one.counter] ?? 0;
        this.#counters[one.counter] = passes + 1;
        return passes & 1 ? this.#all(one.body) : undefined;
      }
      case 'finally':
        return this.#finally(one.body, one.block);
      case 'except':
        return this.#except(one.filter, one.body, one.block);
      default:
        throw new Jump(one.kind);
    }
  }

  #loop(turns: number, body: readonly Statement[]): void {
    for (let turn = 0; turn < turns; turn++) {
      try {
        this.#all(body);
      } catch (end) {
        if (end instanceof Jump && end.kind === 'break') return;
        if (!(end instanceof Jump && end.kind === 'continue')) throw end;
      }
    }
  }

  /** The body of a __try; what ends it early, its own __leave apart. */
  #body(frame: Frame, body: readonly Statement[]): unknown {
    const depth = this.#frames.push(frame) - 1;
    try {
      this.#all(body);
      return undefined;
    } catch (end) {
      return end instanceof Jump && end.kind === 'leave' ? undefined : end;
    } finally {
      this.#frames.length = depth;
    }
  }

  #finally(body: readonly Statement[], block: readonly Statement[]): void {
    const end = this.#body({ filter: 'none' }, body);
    if (end instanceof Unhandled) throw end; // nothing is unwound
    this.#say(end === undefined ? '0' : '1');
    this.#all(block);
    if (end !== undefined) throw end;
  }

  #except(
    filter: keyof typeof filters,
    body: readonly Statement[],
    block: readonly Statement[],
  ): void {
    const frame = { filter };
    const end = this.#body(frame, body);
    if (end === undefined) return;
    if (!(end instanceof Unwind) || end.frame !== frame) throw end;
    this.#say(String(end.code));
    this.#all(block);
  }
}

const SEEDS = Array.from({ length: 20 }, (_unused, index) => index + 1);
const programs = SEEDS.map(generate);
const source = `
#define NT __attribute__((import_module("ntoskrnl")))
NT void say(int letter);
NT void raise(int code);
static int ask(int letter, int answer) { say(letter); return answer; }
static int note(int value) { say('r'); return value; }
static int counters[200];
${programs.map((one, index) => `static int run_${index}(void) { ${toC(one)} return -1; }`).join('\n')}
static int (*const programs[])(void) = { ${programs.map((_one, index) => `run_${index}`).join(', ')} };
int DriverEntry(int index, int unused) { return programs[index](); }
`;

const tiny = createTinyCompiler();
let image: Uint8Array;
beforeAll(async () => {
  image = await tiny.image(source);
});
afterAll(() => tiny.compiler.dispose());

test.each(SEEDS)('seed %i', (seed) => {
  let log = '';
  const host: MiniHost = new MiniHost(image, {
    say: (letter: number) => {
      log += String.fromCharCode(letter);
    },
    raise: (code: number) => host.exports['__fltlab_raise']!(code),
  });
  const model = new Model();
  const expected = model.run(programs[seed - 1]!);
  const result = host.call(seed - 1);
  expect({ log, result }).toEqual({ log: model.log, result: expected });
  expect(model.log.length).toBeLessThan(MANY);
});
