// Goal: pool tells every byte's owner and never hands out memory too early; user pages are one
// process's only.
import { describe, expect, test } from 'vitest';
import { PlainMemory, POOL_BASE, type Memory, type RangeKind } from './memory.ts';
import { NotModelledSignal } from './kernel.ts';
import { PoolAllocator } from './poolAllocator.ts';
import { UserPages } from './userPages.ts';
import type { Process } from './thread.ts';

/** Plain memory that remembers the last mark of each byte. */
class MarkedMemory extends PlainMemory implements Memory {
  private readonly kinds = new Map<number, RangeKind>();

  override mark(address: number, length: number, kind: RangeKind): void {
    expect(address % 8, 'ranges start on 8-byte boundaries').toBe(0);
    for (let at = address; at < address + length; at += 1) this.kinds.set(at, kind);
  }

  /** "redzone 16, paged 20, redzone 28": runs of equal marks. */
  runs(from: number, to: number): string {
    const runs: { kind: string; length: number }[] = [];
    for (let at = from; at < to; at += 1) {
      const kind = this.kinds.get(at) ?? '-';
      const last = runs[runs.length - 1];
      if (last?.kind === kind) last.length += 1;
      else runs.push({ kind, length: 1 });
    }
    return runs.map((run) => `${run.kind} ${run.length}`).join(', ');
  }
}

describe('pool', () => {
  test('a block lies between red zones; freed, it is known as freed', () => {
    const memory = new MarkedMemory();
    const pool = new PoolAllocator(memory);
    const address = pool.allocate('paged', 20, 'Test', 'driver');
    // 20 bytes end inside a granule of 8: its last 4 bytes stay unmarked, so the checker refuses them.
    expect(memory.runs(POOL_BASE, POOL_BASE + 64)).toBe('redzone 16, paged 20, - 4, redzone 24');
    expect(pool.blockAt(address + 30)).toMatchObject({ tag: 'Test', length: 20, freed: false });
    pool.free(address);
    expect(memory.runs(address, address + 24)).toBe('freed 24');
    expect(pool.blockAt(address)).toMatchObject({ owner: 'driver', freed: true });
    expect(pool.blockAt(POOL_BASE - 1)).toBeNull();
  });

  test('freed memory is held back, then used again, zeroed', () => {
    const memory = new PlainMemory();
    const pool = new PoolAllocator(memory);
    const first = pool.allocate('nonpaged', 100, 'Old ', 'driver');
    memory.bytes(first, 100).fill(0xff);
    pool.free(first);
    expect(pool.allocate('nonpaged', 100, 'New ', 'driver')).not.toBe(first);
    for (let count = 0; count < 10_000; count += 1) {
      const address = pool.allocate('nonpaged', 100, 'New ', 'driver');
      if (address === first) {
        expect([...memory.bytes(address, 100)].every((byte) => byte === 0)).toBe(true);
        return;
      }
      pool.free(address);
    }
    expect.unreachable('the first block was never used again');
  });

  test('what an owner left behind is listed by address', () => {
    const pool = new PoolAllocator(new PlainMemory());
    const kept = [10, 5_000, 20].map((length) => pool.allocate('paged', length, 'Leak', 'driver'));
    pool.allocate('paged', 10, 'Othr', 'system');
    pool.free(kept[1] as number);
    expect(pool.ownedBy('driver').map((one) => one.address)).toEqual([kept[0], kept[2]]);
  });

  test('freeing anything else is our bug', () => {
    const pool = new PoolAllocator(new PlainMemory());
    expect(() => pool.free(POOL_BASE)).toThrow('no pool block begins at 0x1000000');
  });
});

describe('user memory', () => {
  const process = (name: string): Process => ({ name, id: 4, address: 0, privileges: new Set() });

  test('processes have distinct addresses; a page belongs to one', () => {
    const user = new UserPages(new PlainMemory());
    const [a, b] = [process('a'), process('b')];
    const ofA = user.allocate(a, 10);
    const ofB = user.allocate(b, 10);
    expect([user.ownerOf(ofA), user.ownerOf(ofA + 4095), user.ownerOf(ofB)]).toEqual([a, a, b]);
    expect(user.ownerOf(0)).toBeNull();
    expect(user.ownerOf(ofB + 4096)).toBeNull();
  });

  test('large buffers are whole pages, unmapped when freed', () => {
    const user = new UserPages(new PlainMemory());
    const a = process('a');
    const address = user.allocate(a, 10_000);
    expect(user.ownerOf(address + 9_999)).toBe(a);
    user.free(address);
    expect(user.ownerOf(address)).toBeNull();
    expect(user.allocate(process('b'), 3_000)).toBe(address);
  });

  test('a small buffer is used again by its process, zeroed', () => {
    const memory = new PlainMemory();
    const user = new UserPages(memory);
    const a = process('a');
    const address = user.allocate(a, 100);
    memory.bytes(address, 100).fill(1);
    user.free(address);
    expect(user.allocate(a, 100)).toBe(address);
    expect(memory.bytes(address, 100).every((byte) => byte === 0)).toBe(true);
  });

  test('more than there is is refused by name', () => {
    const user = new UserPages(new PlainMemory());
    expect(() => user.allocate(process('a'), 0x400000)).toThrow(NotModelledSignal);
  });
});
