// The secret that a connection must know. It came through a file that only the person of the lab can
// write, so a new file of that name is as good: that is how a second lab gets in, or one that was started
// again. The secrets before it stay good, for the labs that are still connected.
import { createHash, timingSafeEqual } from 'node:crypto';

const TOKENS_MAX = 8;

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

export class TokenGuard {
  private expected: readonly Buffer[];
  private readonly takeNewer: () => string | undefined;

  constructor(token: string, takeNewer: () => string | undefined) {
    this.expected = [digest(token)];
    this.takeNewer = takeNewer;
  }

  /** Takes the same time whatever was offered: digests of equal length, and all of them compared. */
  accepts(offered: string): boolean {
    const newer = this.takeNewer();
    if (newer !== undefined) {
      this.expected = [digest(newer), ...this.expected].slice(0, TOKENS_MAX);
    }
    const given = digest(offered);
    return this.expected.filter((one) => timingSafeEqual(given, one)).length > 0;
  }
}
