// Goal: each hypervisor is driven by the command lines that its documentation gives, and what it prints
// is understood. Method: golden command lines; outputs as the manuals and the programs show them.
import { describe, expect, test } from 'vitest';
import {
  HyperVMachine,
  LibvirtMachine,
  VirtualBoxMachine,
  VmwareMachine,
  type VmSnapshot,
} from '../../../contract/vm.ts';
import type { Hypervisor } from '../hypervisor.ts';
import { scriptedHost, type Answer } from '../testing/scriptedHost.ts';
import { powershellArguments, quoted } from '../../process/powershell.ts';
import { windowsHost } from './host.ts';
import { openHyperV, parseSnapshots as parseHyperV, stateOf } from './hyperV.ts';
import { openLibvirt, parseDomState, parseSerial, parseSnapshotList } from './libvirt.ts';
import {
  forwardedPort,
  openVirtualBox,
  parseMachineReadable,
  serialOf,
  snapshotsIn,
} from './virtualBox.ts';
import { openVmware, parseRunning, parseSnapshots, parseVmx, serialIn } from './vmware.ts';

const { signal } = new AbortController();
const clean: VmSnapshot = { name: 'clean', made_s: null, live: true, current: true };

const base = { vm: 1, name: 'win11' } as const;
const machines = {
  libvirt: LibvirtMachine.parse({
    ...base,
    kind: 'libvirt',
    uri: 'qemu+ssh://root@lab1/system',
    domain: 'win11 x64',
  }),
  virtualbox: VirtualBoxMachine.parse({ ...base, kind: 'virtualbox', machine: 'Win 11' }),
  vmware: VmwareMachine.parse({ ...base, kind: 'vmware', vmx: 'C:\\VMs\\w\\w.vmx' }),
  hyperv: HyperVMachine.parse({ ...base, kind: 'hyperv', machine: "Bob's [win] *" }),
};

type Request = (hypervisor: Hypervisor) => Promise<unknown>;
const requests: Readonly<Record<string, Request>> = {
  state: (one) => one.state(signal),
  start: (one) => one.start(signal),
  resume: (one) => one.resume(signal),
  'ask to shut down': (one) => one.askToShutDown(signal),
  'power off': (one) => one.powerOff(signal),
  'create snapshot': (one) => one.createSnapshot('clean', signal),
  'delete snapshot': (one) => one.deleteSnapshot('clean', signal),
  revert: (one) => one.revert(clean, signal),
  address: async (one) => one.address?.(signal),
  nmi: async (one) => one.nmi?.(signal),
};

/** What a hypervisor is asked for each request, beside the question for its version. */
async function commandLines(
  open: (host: ReturnType<typeof scriptedHost>['host']) => Promise<Hypervisor>,
  answers: readonly (readonly [RegExp, Answer])[],
): Promise<string> {
  const told: string[] = [];
  for (const [name, request] of Object.entries(requests)) {
    const { host, asked } = scriptedHost(answers, { windows: true });
    const hypervisor = await open(host);
    await request(hypervisor);
    told.push(`# ${name}`, ...asked.slice(1));
  }
  return `${told.join('\n')}\n`;
}

describe('command lines', () => {
  test('libvirt', async () => {
    const lines = await commandLines(
      (host) => openLibvirt(machines.libvirt, host, signal),
      [
        [/--version/, '9.0.0\n'],
        [/domstate/, 'running (booted)\n\n'],
      ],
    );
    await expect(lines).toMatchFileSnapshot('golden/libvirt.txt');
  });

  test('VirtualBox', async () => {
    const lines = await commandLines(
      (host) => openVirtualBox(machines.virtualbox, host, signal),
      [
        [/--version/, '7.0.20r163906\n'],
        [/showvminfo/, 'VMState="running"\n'],
        [/guestproperty/, 'Value: 192.168.56.101\n'],
      ],
    );
    await expect(lines).toMatchFileSnapshot('golden/virtualbox.txt');
  });

  test('VMware', async () => {
    const lines = await commandLines(
      (host) => openVmware(machines.vmware, host, signal),
      [
        [/^vmrun $/, { code: 255, said: '\nvmrun version 1.17.0 build-21581411\n\nUsage: vmrun' }],
        [/ list$/, 'Total running VMs: 1\r\nc:\\vms\\w\\w.vmx\r\n'],
      ],
    );
    await expect(lines).toMatchFileSnapshot('golden/vmware.txt');
  });

  test('Hyper-V', async () => {
    const lines = await commandLines(
      (host) => openHyperV(machines.hyperv, host, signal),
      [
        [/Get-Module/, '2.0.0.0\r\n'],
        [/State\)/, 'Running\r\n'],
        [/IPAddresses/, 'fe80::1 169.254.3.4 172.20.1.9\r\n'],
      ],
    );
    await expect(lines).toMatchFileSnapshot('golden/hyperv.txt');
  });
});

describe('states', () => {
  test.each([
    ['running (booted)\n\n', 'running'],
    ['idle (unknown)\n', 'running'],
    ['paused (user)\n', 'paused'],
    ['paused (I/O error)\n', 'crashed'],
    ['paused (saving)\n', 'changing'],
    ['crashed (panicked)\n', 'crashed'],
    ['shut off (destroyed)\n', 'off'],
    ['shut off (saved)\n', 'saved'],
    ['in shutdown (unknown)\n', 'changing'],
    ['pmsuspended\n', 'paused'],
    ['no state\n', 'changing'],
  ])('libvirt: %j', (output, state) => expect(parseDomState(output)).toBe(state));

  test.each([
    ['Running', 'running'],
    ['FastSaved', 'saved'],
    ['RunningCritical', 'crashed'],
    ['Stopping', 'changing'],
  ])('Hyper-V: %s', (name, state) => expect(stateOf(name)).toBe(state));

  test('VMware lists what runs', () => {
    expect(parseRunning('Total running VMs: 2\nC:\\a b\\x.vmx\n/vms/y.vmx\n')).toEqual([
      'C:\\a b\\x.vmx',
      '/vms/y.vmx',
    ]);
    expect(parseRunning('Total running VMs: 0\r\n')).toEqual([]);
  });
});

describe('snapshots', () => {
  test('libvirt: a name may hold blanks', () => {
    const table = ` Name             Creation Time               State
--------------------------------------------------------
 after  updates   2026-11-20 10:00:00 +0100   shutoff
 clean            2026-11-21 11:22:14 +0000   running

`;
    expect(parseSnapshotList(table, 'clean')).toEqual([
      { name: 'after  updates', made_s: 1_795_165_200, live: false, current: false },
      { name: 'clean', made_s: 1_795_260_134, live: true, current: true },
    ]);
  });

  const vboxInfo = parseMachineReadable(`name="Win 11"
VMState="saved"
Forwarding(0)="ssh,tcp,127.0.0.1,2222,,22"
Forwarding(1)="web,tcp,,8080,,80"
uart1="0x03f8,4"
uartmode1="server,\\\\.\\pipe\\com_1"
SnapshotName="clean"
SnapshotUUID="11111111-0000-0000-0000-000000000000"
SnapshotName-1="kd on"
SnapshotUUID-1="22222222-0000-0000-0000-000000000000"
SnapshotName-1-2="quote \\" here"
SnapshotUUID-1-2="33333333-0000-0000-0000-000000000000"
CurrentSnapshotName="kd on"
CurrentSnapshotUUID="22222222-0000-0000-0000-000000000000"
`);

  test('VirtualBox: the tree is in the suffix of the keys', () => {
    expect(snapshotsIn(vboxInfo).map(({ name, current }) => [name, current])).toEqual([
      ['clean', false],
      ['kd on', true],
      ['quote " here', false],
    ]);
    expect(forwardedPort(vboxInfo, 22)).toEqual({ host: '127.0.0.1', port: 2222 });
    expect(forwardedPort(vboxInfo, 80)).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(forwardedPort(vboxInfo, 3389)).toBeUndefined();
    expect(serialOf(vboxInfo, true)).toEqual({ kind: 'pipe', path: '\\\\.\\pipe\\com_1' });
  });

  test('VMware', () => {
    expect(
      parseSnapshots('Total snapshots: 2\r\nclean\r\nkd on\r\n').map(({ name }) => name),
    ).toEqual(['clean', 'kd on']);
    const vmx = parseVmx(
      '.encoding = "UTF-8"\nSerial0.Present = "TRUE"\nserial0.fileType = "pipe"\nserial0.fileName = "\\\\.\\pipe\\com_1"\n',
    );
    expect(serialIn(vmx, true)).toEqual({ kind: 'pipe', path: '\\\\.\\pipe\\com_1' });
    expect(
      serialIn(parseVmx('serial0.present = "FALSE"\nserial0.fileType = "pipe"'), true),
    ).toBeUndefined();
  });

  test('Hyper-V: one is no array, none is nothing', () => {
    const one = '{"name":"clean","made":1795260134,"state":"Running","current":true}';
    const parsed = [{ name: 'clean', made_s: 1795260134, live: true, current: true }];
    expect(parseHyperV(one)).toEqual(parsed);
    expect(parseHyperV(`[${one}]`)).toEqual(parsed);
    expect(parseHyperV('')).toEqual([]);
    expect(() => parseHyperV('Get-VM : access denied')).toThrow();
  });
});

test.each([
  [
    `<serial type='unix'><source mode='bind' path='/s/1'/><target port='0'/></serial>`,
    { kind: 'unix', path: '/s/1' },
  ],
  [
    `<serial type='pty'><source path='/dev/pts/3'/></serial>\n<serial type='tcp'>\n<source mode='bind' host='0.0.0.0' service='4555'/></serial>`,
    { kind: 'tcp', host: '0.0.0.0', port: 4555 },
  ],
  [`<serial type='pty'><source path='/dev/pts/3'/></serial>`, undefined],
])('libvirt: serial lines %#', (xml, stream) => expect(parseSerial(xml)).toEqual(stream));

describe('what goes wrong', () => {
  const rows: readonly (readonly [string, Answer, string])[] = [
    ['the tool is not there', 'missing', 'vm.tool-missing'],
    ['it hangs', 'hangs', 'vm.did-not-answer'],
    ['it refuses', { code: 1, said: 'error: internal error' }, 'vm.tool-failed'],
    [
      'it knows no such machine',
      { code: 1, said: "error: failed to get domain 'win11 x64'" },
      'vm.unknown-to-hypervisor',
    ],
  ];
  test.each(rows)('%s', async (_title, answer, code) => {
    const { host } = scriptedHost([
      [/--version/, answer === 'missing' ? answer : '9.0.0'],
      [/./, answer],
    ]);
    const asking = openLibvirt(machines.libvirt, host, signal).then((one) => one.state(signal));
    await expect(asking).rejects.toMatchObject({ code });
  });

  test('a version that is too old is refused by name', async () => {
    const { host } = scriptedHost([[/--version/, '5.2.44r139111\n']]);
    await expect(openVirtualBox(machines.virtualbox, host, signal)).rejects.toMatchObject({
      code: 'vm.tool-too-old',
    });
  });

  test('VirtualBox: a session that is still locked is waited for', async () => {
    const locked = {
      code: 1,
      said: 'error: The machine is already locked for a session (or being unlocked)',
    };
    let attempts = 0;
    const { host } = scriptedHost([[/--version/, '7.0.20r1']]);
    const run = host.run;
    host.run = async (program, args, options) => {
      if (args[0] !== 'startvm') return run(program, args, options);
      attempts += 1;
      return attempts < 3
        ? { kind: 'exited', code: locked.code, stdout: '', stderr: locked.said, truncated: false }
        : { kind: 'exited', code: 0, stdout: '', stderr: '', truncated: false };
    };
    await (await openVirtualBox(machines.virtualbox, host, signal)).start(signal);
    expect(attempts).toBe(3);
  });
});

describe('a Windows host over SSH', () => {
  test('nothing in a name is interpreted by any shell', () => {
    expect(quoted("it's $HOME `n \u2019")).toBe("'it''s $HOME `n \u2019\u2019'");
    const encoded = powershellArguments("'\u00e4 & |'").at(-1) ?? '';
    expect(encoded).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(encoded, 'base64').toString('utf16le')).toContain("'\u00e4 & |'");
  });

  test('a program is called by PowerShell, and its absence told apart from its failure', async () => {
    const commands: string[] = [];
    const host = windowsHost({
      exec: async (command) => {
        commands.push(command);
        return { code: 9009, stdout: '', stderr: '', truncated: false };
      },
    });
    const result = await host.run('VBoxManage', ['--version'], { signal, timeout_ms: 1_000 });
    expect(result).toEqual({ kind: 'not-found', program: 'VBoxManage' });
    const script = Buffer.from(commands[0]?.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
    expect(script).toContain("& $found.Source '--version'");
    expect((commands[0] ?? '').length).toBeLessThan(8_191);
  });
});
