// The secret that a connection must know. It came through a file that only the person of the lab can
// write, so a new file of that name replaces it: that is how a lab that was started again gets in.
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

export class TokenGuard {
  private expected: Buffer;
  private readonly takeNewer: () => string | undefined;

  constructor(token: string, takeNewer: () => string | undefined) {
    this.expected = digest(token);
    this.takeNewer = takeNewer;
  }

  /** Takes the same time whatever was offered: digests of equal length are compared as a whole. */
  accepts(offered: string): boolean {
    const newer = this.takeNewer();
    if (newer !== undefined) this.expected = digest(newer);
    return timingSafeEqual(digest(offered), this.expected);
  }
}
