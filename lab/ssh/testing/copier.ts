// The lab's own copying over a raw SFTP session: what deployment uses, without the paths of Windows.
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { receiveChunks, sendChunks, type Packet } from '../transfer.ts';
import type { Done } from '../link.ts';
import type { LoopbackServer } from './loopbackServer.ts';

export interface Copier {
  put(from: string, to: string): Promise<void>;
  get(from: string, to: string): Promise<void>;
  close(): void;
}

export async function openCopier({ at, privateKey }: LoopbackServer): Promise<Copier> {
  const client = new ssh2.Client();
  client.connect({ host: at.host, port: at.port, username: at.user, privateKey });
  await once(client, 'ready');
  const sftp = await new Promise<SFTPWrapper>((resolve, reject) =>
    client.sftp((error, channel) => (error ? reject(error) : resolve(channel))),
  );
  const packet: Packet = <T>(begin: (done: Done<T>) => void): Promise<T> =>
    new Promise((resolve, reject) =>
      begin((error, value) => (error ? reject(error) : resolve(value as T))),
    );
  return {
    put: async (from, to) => {
      const source = await open(from);
      const handle = await packet<Buffer>((done) => sftp.open(to, 'w', done));
      await sendChunks(sftp, handle, source, (await source.stat()).size, packet);
      await packet<void>((done) => sftp.close(handle, done));
      await source.close();
    },
    get: async (from, to) => {
      const target = await open(to, 'w');
      const handle = await packet<Buffer>((done) => sftp.open(from, 'r', done));
      const { size } = await packet<{ size: number }>((done) => sftp.fstat(handle, done));
      const write = (chunk: Uint8Array, place: number) =>
        target.write(chunk, 0, chunk.length, place);
      await receiveChunks(sftp, handle, write, size, packet);
      await packet<void>((done) => sftp.close(handle, done));
      await target.close();
    },
    close: () => void client.end(),
  };
}
