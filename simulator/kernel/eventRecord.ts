// KEVENT: a notification event stays signalled and frees everybody, a synchronization event frees one.
import type { KernelEvent, Waitable } from './kernel.ts';
import type { Thread } from './thread.ts';

export class EventRecord implements KernelEvent, Waitable {
  readonly kind: KernelEvent['kind'];
  readonly waiters: Thread[] = [];
  signalled: boolean;
  private readonly granter: { grant(thread: Thread): void };

  constructor(
    kind: KernelEvent['kind'],
    signalled: boolean,
    granter: { grant(thread: Thread): void },
  ) {
    this.kind = kind;
    this.signalled = signalled;
    this.granter = granter;
  }

  tryTake(): boolean {
    if (!this.signalled) return false;
    if (this.kind === 'synchronization') this.signalled = false;
    return true;
  }

  /** KeSetEvent: whoever waits now is freed, even if the event is reset before it runs. */
  set(): void {
    if (this.kind === 'notification') {
      this.signalled = true;
      for (const thread of this.waiters.splice(0)) this.granter.grant(thread);
      return;
    }
    const first = this.waiters.shift();
    if (first === undefined) this.signalled = true;
    else this.granter.grant(first);
  }

  reset(): void {
    this.signalled = false;
  }
}
