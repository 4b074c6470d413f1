// A Linux guest that boots in seconds, made of Debian's own packages: kernel, busybox, dropbear and the
// libraries these need, unpacked (not installed) into an archive that the kernel boots from.
// Its disk is formatted at the first boot and mounted at /data.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { assert } from '../../../contract/assert.ts';
import type { QemuMachine } from '../../../contract/vm.ts';
import { runProgram } from '../../process/index.ts';
import { createKeyPair, type KeyPair } from '../../ssh/index.ts';
import { fingerprintOf, type Fingerprint } from '../../ssh/hostKey.ts';
import { cpio, type ArchiveEntry } from './cpio.ts';

export interface LinuxGuest {
  readonly kernel: string;
  readonly initrd: string;
  readonly key: KeyPair;
  readonly hostKey: Fingerprint;
}

/** Said on the serial line when the guest may be reached. */
export const GUEST_READY = 'FLTLAB-GUEST-READY';

const packages = ['busybox-static', 'dropbear-bin', 'libtomcrypt1', 'libtommath1', 'libc6'];
const more = ['libcrypt1', 'libgmp10', 'zlib1g'];
const modules = ['virtio_pci', 'virtio_blk', 'virtio_net', 'pvpanic-pci'];
/** Long enough for a slow mirror: 30 MB. */
const DOWNLOAD_LIMIT_MS = 180_000;

/** The guest in `folder`, made when it is not there yet. */
export async function linuxGuest(folder: string): Promise<LinuxGuest> {
  const record = path.join(folder, 'guest.json');
  const known = await readFile(record, 'utf8').catch(() => undefined);
  if (known !== undefined) return JSON.parse(known) as LinuxGuest;
  const guest = await makeLinuxGuest(folder);
  await writeFile(record, JSON.stringify(guest), { mode: 0o600 });
  return guest;
}

async function makeLinuxGuest(folder: string): Promise<LinuxGuest> {
  const root = path.join(folder, 'root');
  await rm(folder, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const image = await kernelPackage();
  await program('apt-get', ['-qq', 'download', image, ...packages, ...more], folder);
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
    await program('dpkg-deb', ['-x', file, root], folder);
  }
  const release = (await readdir(path.join(root, 'lib', 'modules')))[0];
  assert(release !== undefined, 'a kernel package has modules');
  const key = createKeyPair('fltlab guest');
  const host = dropbearHostKey();
  const entries = await guestFiles(root, release, key, host.file);
  const initrd = path.join(folder, 'initrd.gz');
  await writeFile(initrd, gzipSync(cpio(entries), { level: 6 }));
  const kernel = path.join(folder, 'vmlinuz');
  await writeFile(kernel, await readFile(path.join(root, 'boot', `vmlinuz-${release}`)));
  return { kernel, initrd, key, hostKey: host.fingerprint };
}

/** The description of a machine that boots the guest; `disk` is a qcow2. */
export const guestMachine = (
  guest: LinuxGuest,
  name: string,
  disk: string,
): Pick<QemuMachine, 'vm' | 'kind' | 'name' | 'memory_MiB'> & Record<string, unknown> => ({
  vm: 1,
  kind: 'qemu',
  name,
  memory_MiB: 96,
  disk: { file: disk, bus: 'virtio' },
  network: { model: 'virtio-net-pci', guestPort: 22 },
  kernel: {
    image: guest.kernel,
    initrd: guest.initrd,
    commandLine: 'console=ttyS0 quiet nokaslr panic=0 random.trust_cpu=on mitigations=off',
  },
});

/** linux-image-cloud-amd64 names the package of the day; the small one, made for virtual machines. */
async function kernelPackage(): Promise<string> {
  const shown = await program('apt-cache', ['depends', 'linux-image-cloud-amd64'], '/');
  const name = /Depends: (linux-image-\S+)/.exec(shown)?.[1];
  assert(name !== undefined, 'Debian has a kernel for virtual machines');
  return name;
}

async function program(name: string, args: readonly string[], cwd: string): Promise<string> {
  const signal = new AbortController().signal;
  const result = await runProgram(name, args, { cwd, signal, timeout_ms: DOWNLOAD_LIMIT_MS });
  assert(result.kind === 'exited' && result.code === 0, `${name}: ${JSON.stringify(result)}`);
  return result.stdout;
}

const folder = (name: string): ArchiveEntry => ({ path: name, mode: 0o040755 });
const file = (name: string, content: Uint8Array | string, mode = 0o755): ArchiveEntry => ({
  path: name,
  mode: 0o100000 | mode,
  content: Buffer.from(content),
});

async function guestFiles(
  root: string,
  release: string,
  key: KeyPair,
  hostKey: Buffer,
): Promise<ArchiveEntry[]> {
  const from = (name: string): Promise<Buffer> => readFile(path.join(root, name));
  const library = (name: string): Promise<Buffer> => findLibrary(root, name);
  const names = await moduleFiles(root, release);
  const loaded = names.map((name) => `insmod /modules/${path.basename(name)}`).join('\n');
  return [
    ...['bin', 'dev', 'proc', 'sys', 'etc', 'etc/dropbear', 'data', 'tmp', 'modules'].map(folder),
    ...['lib', 'lib64', 'root', 'run', 'dev/pts'].map(folder),
    { path: 'root/.ssh', mode: 0o040700 },
    { path: 'dev/console', mode: 0o020600 },
    file('bin/busybox', await from('bin/busybox')),
    file('bin/dropbear', await from('usr/sbin/dropbear')),
    ...(await Promise.all(
      [
        'libtomcrypt.so.1',
        'libtommath.so.1',
        'libgmp.so.10',
        'libz.so.1',
        'libcrypt.so.1',
        'libc.so.6',
      ].map(async (name) => file(`lib/${name}`, await library(name))),
    )),
    file('lib64/ld-linux-x86-64.so.2', await library('ld-linux-x86-64.so.2')),
    ...(await Promise.all(
      names.map(async (name) =>
        file(`modules/${path.basename(name)}`, await from(`lib/modules/${release}/${name}`)),
      ),
    )),
    file('etc/passwd', 'root::0:0:root:/root:/bin/sh\n', 0o644),
    file('etc/shells', '/bin/sh\n', 0o644),
    file('etc/dropbear/host', hostKey, 0o600),
    file('root/.ssh/authorized_keys', `${key.publicKey}\n`, 0o600),
    file('init', initScript(loaded)),
  ];
}

const initScript = (loadModules: string): string => `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devpts pts /dev/pts
echo 4 > /proc/sys/kernel/printk
${loadModules}
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
mount -t ext4 /dev/vda /data 2>/dev/null || { mke2fs /dev/vda >/dev/null && mount -t ext4 /dev/vda /data; }
dropbear -s -r /etc/dropbear/host -p 22
echo ${GUEST_READY} > /dev/ttyS0
while true; do setsid cttyhack sh -i </dev/ttyS0 >/dev/ttyS0 2>&1; done
`;

/** In the order in which they are to be loaded: what a module needs comes before it. */
async function moduleFiles(root: string, release: string): Promise<string[]> {
  const base = path.join(root, 'lib', 'modules', release);
  const all = (await readdir(base, { recursive: true })).filter((name) => name.endsWith('.ko'));
  const byName = new Map(all.map((name) => [moduleName(name), name]));
  const order: string[] = [];
  const add = async (name: string): Promise<void> => {
    const found = byName.get(name.replaceAll('-', '_'));
    if (found === undefined || order.includes(found)) return; // built into the kernel, or there
    for (const needed of await dependsOf(path.join(base, found))) await add(needed);
    order.push(found);
  };
  for (const name of modules) await add(name);
  return order;
}

const moduleName = (name: string): string => path.basename(name, '.ko').replaceAll('-', '_');

/** A module says what it needs in its section .modinfo: "depends=a,b". */
async function dependsOf(module: string): Promise<string[]> {
  const text = (await readFile(module)).toString('latin1');
  const depends = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  return depends.split(',').filter((name) => name !== '');
}

async function findLibrary(root: string, name: string): Promise<Buffer> {
  for (const base of ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu']) {
    const found = await readFile(path.join(root, base, name)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${name} in the packages`);
}

/** dropbear keeps an Ed25519 key as the wire has it: name, then private and public part together. */
function dropbearHostKey(): { readonly file: Buffer; readonly fingerprint: Fingerprint } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const secret = Buffer.from(jwk.d ?? '', 'base64url');
  const open = Buffer.from(jwk.x ?? '', 'base64url');
  const string = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const name = string(Buffer.from('ssh-ed25519'));
  return {
    file: Buffer.concat([name, string(Buffer.concat([secret, open]))]),
    fingerprint: fingerprintOf(Buffer.concat([name, string(open)])),
  };
}
