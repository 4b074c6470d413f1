// The programs that features need and npm does not bring, with the Debian packages that hold them. On
// Debian as root they are installed; elsewhere the reader is told what to install and for what.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface SystemPackage {
  readonly debian: string;
  /** A file that is there once the package is installed. */
  readonly probe: string;
  readonly neededFor: string;
}

export const systemPackages: readonly SystemPackage[] = [
  { debian: 'clang-19', probe: '/usr/bin/clang-19', neededFor: 'building drivers for Windows' },
  { debian: 'lld-19', probe: '/usr/bin/lld-link-19', neededFor: 'linking drivers for Windows' },
  {
    debian: 'mingw-w64-common',
    probe: '/usr/share/mingw-w64/include/ddk/ntifs.h',
    neededFor: 'the DDK headers',
  },
  {
    debian: 'libwine-dev',
    probe: '/usr/include/wine/wine/windows/ddk/fltkernel.h',
    neededFor: 'the Filter Manager header',
  },
  { debian: 'osslsigncode', probe: '/usr/bin/osslsigncode', neededFor: 'signing drivers' },
  { debian: 'wine', probe: '/usr/bin/wine', neededFor: 'the target "wine"' },
  { debian: 'wine64', probe: '/usr/lib/wine/wine64', neededFor: 'the target "wine"' },
  { debian: 'openssh-server', probe: '/usr/sbin/sshd', neededFor: 'the target "wine"' },
  {
    debian: 'qemu-system-x86',
    probe: '/usr/bin/qemu-system-x86_64',
    neededFor: 'virtual machines of QEMU',
  },
  { debian: 'qemu-utils', probe: '/usr/bin/qemu-img', neededFor: 'disks of virtual machines' },
  { debian: 'libvirt-clients', probe: '/usr/bin/virsh', neededFor: 'virtual machines of libvirt' },
  { debian: 'libvirt-daemon', probe: '/usr/sbin/libvirtd', neededFor: 'tests of libvirt' },
  { debian: 'gdb', probe: '/usr/bin/gdb', neededFor: 'debugging a machine of QEMU' },
  { debian: 'chromium', probe: '/usr/bin/chromium', neededFor: 'tests in a browser' },
];

export const missingPackages = (): readonly SystemPackage[] =>
  systemPackages.filter((one) => !existsSync(one.probe));

const isDebian = (): boolean => existsSync('/etc/debian_version');
const isRoot = (): boolean => process.getuid?.() === 0;

/** Installs what is missing where that is ours to do; otherwise says what to install. */
export function provideSystemPackages(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((one) => one.debian))];
  if (!isDebian() || !isRoot()) {
    console.log('Some programs are missing; what needs them will be skipped and say so:');
    for (const one of missing) console.log(`  ${one.debian}: for ${one.neededFor}`);
    if (isDebian()) console.log(`Install them: sudo apt-get install ${names.join(' ')}`);
    return;
  }
  console.log(`Installing Debian packages: ${names.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  apt(['update'], env);
  apt(['install', '-y', '--no-install-recommends', ...names], env);
}

function apt(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const done = spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  if (done.status !== 0) console.log(done.stderr.toString().trimEnd());
}
