// ntdll at the edge of a test: memory and events are real enough to be looked at, and every other
// routine does what the test says.
import { NtStatus } from '../../contract/windows/index.ts';
import { largeInteger, type Address, type Handle } from '../native/layouts.ts';
import {
  MissingRoutineError,
  type NativeApi,
  type NativeArgument,
  type NtRoutine,
} from '../native/nativeApi.ts';

export type FakeRoutine = (native: FakeNative, ...given: NativeArgument[]) => number;

const FIRST_ADDRESS = 0x10000n;
const FIRST_EVENT = 0x1000;

export class FakeNative implements NativeApi {
  /** Calls other than those that make, wait for and close events. */
  readonly calls: { readonly routine: NtRoutine; readonly given: readonly NativeArgument[] }[] = [];
  private readonly routines: Partial<Record<NtRoutine, FakeRoutine>>;
  private readonly memory = new Map<Address, Buffer>();
  private readonly events = new Map<Handle, boolean>();
  private readonly waiters = new Set<() => void>();
  private readonly started: (() => void)[] = [];
  private nextAddress = FIRST_ADDRESS;
  private nextEvent = FIRST_EVENT;

  constructor(routines: Partial<Record<NtRoutine, FakeRoutine>> = {}) {
    this.routines = routines;
  }

  call(routine: NtRoutine, ...given: readonly NativeArgument[]): number {
    if (routine === 'NtCreateEvent') return this.createEvent(given);
    if (routine === 'NtSetEvent') return this.setEvent(Number(given[0]), true);
    if (routine === 'NtWaitForSingleObject') {
      return this.events.get(Number(given[0])) === true ? 0 : NtStatus.STATUS_TIMEOUT;
    }
    if (routine === 'NtClose' && this.events.delete(Number(given[0]))) return 0;
    const fake = this.routines[routine];
    if (fake === undefined) throw new MissingRoutineError(routine);
    this.calls.push({ routine, given });
    return fake(this, ...given);
  }

  /** A started call runs when the test says `runStarted`; a wait ends with its event, or at once. */
  start(routine: NtRoutine, ...given: readonly NativeArgument[]): Promise<number> {
    if (routine === 'NtWaitForSingleObject') return this.waitFor(Number(given[0]), given[2]);
    if (this.routines[routine] === undefined) throw new MissingRoutineError(routine);
    return new Promise((resolve) => {
      this.started.push(() => resolve(this.call(routine, ...given)));
    });
  }

  runStarted(): void {
    for (const run of this.started.splice(0)) run();
  }

  allocate(length_bytes: number): Address {
    const address = this.nextAddress;
    this.nextAddress += BigInt(length_bytes) + 0x100n;
    this.memory.set(address, Buffer.alloc(length_bytes));
    return address;
  }

  free(address: Address): void {
    if (!this.memory.delete(address))
      throw new Error(`freed twice, or never allocated: ${address}`);
  }

  read(address: Address, length_bytes: number): Buffer {
    return Buffer.from(this.at(address).subarray(0, length_bytes));
  }

  write(address: Address, bytes: Uint8Array): void {
    this.at(address).set(bytes);
  }

  wine(): undefined {
    return undefined;
  }

  /** Everything from an address to the end of its block. */
  at(address: NativeArgument | undefined): Buffer {
    const block = this.memory.get(BigInt(address ?? 0));
    if (block === undefined) throw new Error(`nothing is allocated at ${String(address)}`);
    return block;
  }

  /** As Windows completes a request: buffer, block, event, in this order. */
  complete(
    given: { block: NativeArgument; buffer?: NativeArgument; event?: NativeArgument },
    result: { status: number; information: number; bytes?: Buffer },
  ): void {
    if (result.bytes !== undefined) this.at(given.buffer).set(result.bytes);
    const block = this.at(given.block);
    block.writeUInt32LE(result.status, 0);
    block.writeBigUInt64LE(BigInt(result.information), 8);
    if (given.event !== undefined) this.setEvent(Number(given.event), true);
  }

  setEvent(event: Handle, signalled: boolean): number {
    this.events.set(event, signalled);
    for (const tell of [...this.waiters]) tell();
    return NtStatus.STATUS_SUCCESS;
  }

  get eventsOpen(): number {
    return this.events.size;
  }

  get blocksAllocated(): number {
    return this.memory.size;
  }

  private createEvent(given: readonly NativeArgument[]): number {
    const handle = this.nextEvent;
    this.nextEvent += 4;
    this.events.set(handle, given[4] === true);
    this.write(BigInt(given[0] ?? 0), largeInteger(BigInt(handle)));
    return NtStatus.STATUS_SUCCESS;
  }

  private waitFor(event: Handle, timeout: NativeArgument | undefined): Promise<number> {
    const limited = BigInt(timeout ?? 0) !== 0n;
    if (this.events.get(event) === true) return Promise.resolve(NtStatus.STATUS_SUCCESS);
    // Time does not pass in a test: a limit that is not infinite has passed.
    if (limited) return Promise.resolve(NtStatus.STATUS_TIMEOUT);
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.events.get(event) !== true) return;
        this.waiters.delete(look);
        resolve(NtStatus.STATUS_SUCCESS);
      };
      this.waiters.add(look);
    });
  }
}
