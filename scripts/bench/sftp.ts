// How fast files are copied, beside OpenSSH's own sftp against the same server in the same run. Rounds
// alternate, so that what else runs on the machine slows both; the best of each is compared.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { openCopier } from '../../lab/ssh/testing/copier.ts';
import { hasOpenSsh, startLoopbackServer } from '../../lab/ssh/testing/loopbackServer.ts';
import { printFigures, timed, type BenchPart } from './figures.ts';

const SIZE_BYTES = 48 * 1024 * 1024;
const ROUNDS = 4;
const GOAL = 0.8;

export const benchSftp: BenchPart = async () => {
  if (!hasOpenSsh) {
    console.log('\nsftp: not measured, OpenSSH and its server are not installed');
    return true;
  }
  const server = await startLoopbackServer();
  const copier = await openCopier(server);
  const { file, openSsh } = server;
  try {
    await writeFile(file('source'), randomBytes(SIZE_BYTES));
    const works = {
      connect: () => openSsh('pwd'),
      theirPut: () => openSsh(`put ${file('source')} ${file('a')}`),
      ourPut: () => copier.put(file('source'), file('b')),
      theirGet: () => openSsh(`get ${file('source')} ${file('c')}`),
      ourGet: () => copier.get(file('source'), file('d')),
    };
    const best_ms = { connect: Infinity, theirPut: Infinity, ourPut: Infinity } as Record<
      keyof typeof works,
      number
    >;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of Object.keys(works) as (keyof typeof works)[]) {
        const { took_ms } = await timed(works[name]);
        best_ms[name] = Math.min(best_ms[name] ?? Infinity, took_ms);
      }
    }
    const theirs = {
      put: best_ms.theirPut - best_ms.connect,
      get: best_ms.theirGet - best_ms.connect,
    };
    const ratio = { put: theirs.put / best_ms.ourPut, get: theirs.get / best_ms.ourGet };
    const rate = (ms: number): string => `${(SIZE_BYTES / 1e3 / ms).toFixed(0)} MB/s`;
    printFigures(`copying ${SIZE_BYTES / 1024 / 1024} MiB over SFTP on the loopback`, [
      ['put', `${rate(best_ms.ourPut)}, OpenSSH ${rate(theirs.put)}, without connecting`],
      ['get', `${rate(best_ms.ourGet)}, OpenSSH ${rate(theirs.get)}, without connecting`],
      ['put, ours / theirs', `${ratio.put.toFixed(2)}  (goal ${GOAL})`],
      ['get, ours / theirs', `${ratio.get.toFixed(2)}  (goal ${GOAL})`],
    ]);
    return ratio.put >= GOAL && ratio.get >= GOAL;
  } finally {
    copier.close();
    await server.close();
  }
};
