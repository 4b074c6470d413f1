// Goal: copying arrives whole both ways, whatever the size. Method: an sshd of our own on the loopback. How fast
// it is beside OpenSSH's own sftp is told by `npm run bench -- sftp`.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCopier, type Copier } from './testing/copier.ts';
import { hasOpenSsh, startLoopbackServer, type LoopbackServer } from './testing/loopbackServer.ts';

describe.skipIf(!hasOpenSsh)('copying', () => {
  let server: LoopbackServer;
  let copier: Copier;
  beforeAll(async () => {
    server = await startLoopbackServer();
    copier = await openCopier(server);
  });
  afterAll(async () => {
    copier?.close();
    await server?.close();
  });

  const CHUNK_BYTES = 255 * 1024;
  test.each([0, 1, 200_000, CHUNK_BYTES, CHUNK_BYTES + 1, 20_000_000])(
    '%d bytes there and back',
    async (size_bytes) => {
      const bytes = randomBytes(size_bytes);
      await writeFile(server.file('source'), bytes);
      await copier.put(server.file('source'), server.file('there'));
      await copier.get(server.file('there'), server.file('back'));
      expect((await readFile(server.file('there'))).equals(bytes)).toBe(true);
      expect((await readFile(server.file('back'))).equals(bytes)).toBe(true);
    },
  );
});
