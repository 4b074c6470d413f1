// Goal: a description becomes one command line and is read back from it; a socket that is not QMP, or
// that goes silent or away, is found out.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QemuMachine } from '../../../contract/vm.ts';
import { commandLine, readCommandLine } from './commandLine.ts';
import { qemuLayout } from './layout.ts';
import { olderThan, parseQemuVersion } from './open.ts';
import { Qmp } from './qmp.ts';

const signal = new AbortController().signal;

const windows = QemuMachine.parse({
  vm: 1,
  kind: 'qemu',
  name: 'win11',
  memory_MiB: 4096,
  processors: 2,
  disk: { file: '/images/win11, spring.qcow2' },
  uefi: { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/images/win11-vars.qcow2' },
  network: {},
});

test('a Windows machine, as its command line', () => {
  const layout = {
    ...qemuLayout('/data', 'win11'),
    qmp: '/s/qmp',
    serial: '/s/ser',
    gdb: '/s/gdb',
  };
  const line = commandLine(windows, layout, {
    accelerator: 'kvm',
    hostPort: 40022,
    load: 'clean',
    disk: windows.disk?.file,
  });
  expect(line.join(' ')).toBe(
    [
      '-name win11 -no-user-config -nodefaults -display none',
      '-action reboot=reset,shutdown=poweroff,panic=pause',
      '-machine q35,accel=kvm -cpu host -smp 2 -m 4096M',
      '-device VGA -device pvpanic-pci -device qemu-xhci,id=usb -device usb-tablet,bus=usb.0',
      '-chardev socket,id=qmp,path=/s/qmp,server=on,wait=off -mon chardev=qmp,mode=control',
      '-chardev socket,id=serial,path=/s/ser,server=on,wait=off,logfile=/data/vms/win11/serial.log',
      '-serial chardev:serial',
      '-chardev socket,id=gdb,path=/s/gdb,server=on,wait=off -gdb chardev:gdb',
      '-drive if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd',
      '-blockdev driver=file,node-name=variables-file,filename=/images/win11-vars.qcow2,discard=unmap',
      '-blockdev driver=qcow2,node-name=variables,file=variables-file,discard=unmap',
      '-machine pflash1=variables',
      '-blockdev driver=file,node-name=disk-file,filename=/images/win11,, spring.qcow2,discard=unmap',
      '-blockdev driver=qcow2,node-name=disk,file=disk-file,discard=unmap',
      '-device ahci,id=sata -device ide-hd,drive=disk,bus=sata.0,bootindex=1',
      '-netdev user,id=net0,restrict=off,hostfwd=tcp:127.0.0.1:40022-:22 -device e1000e,netdev=net0',
      '-loadvm clean',
    ].join(' '),
  );
  expect(readCommandLine(line.join(' '))).toEqual({ accelerator: 'kvm', hostPort: 40022 });
});

test('versions', () => {
  expect(parseQemuVersion('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)')).toBe(
    '7.2.22',
  );
  expect(olderThan('5.2.0', '6.0')).toBe(true);
  expect(olderThan('6.0', '6.0')).toBe(false);
  expect(olderThan('10.1', '6.0')).toBe(false);
});

describe.skipIf(process.platform === 'win32')('a control socket', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'fltlab-qmp-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  let next = 0;
  const serve = async (talk: (socket: Socket) => void): Promise<string> => {
    const file = path.join(folder, String((next += 1)));
    const server = createServer(talk);
    server.listen(file);
    await once(server, 'listening');
    server.unref();
    return file;
  };
  const greeting = '{"QMP": {"version": {}, "capabilities": []}}\r\n';
  const answering = (answers: readonly string[]) => (socket: Socket) => {
    socket.write(greeting);
    let at = 0;
    socket.on('data', () => socket.write(answers[at++] ?? ''));
    socket.on('error', () => undefined);
  };

  test('a command and its answer, cut anywhere, with events between', async () => {
    const file = await serve((socket) => {
      socket.write(greeting);
      socket.on('data', (line: Buffer) => {
        const { id } = JSON.parse(line.toString()) as { id: number };
        const text = `{"event": "STOP"}\r\n{"return": {"status": "k\u00e4se"}, "id": ${id}}\r\n`;
        const bytes = Buffer.from(text);
        for (const byte of bytes) socket.write(Buffer.from([byte]));
      });
    });
    const qmp = await Qmp.open(file, signal);
    const stopped = qmp.event(({ event }) => event === 'STOP', signal);
    expect(await qmp.command('query-status', {}, signal)).toEqual({ status: 'k\u00e4se' });
    expect((await stopped).event).toBe('STOP');
    qmp.close();
    await expect(qmp.command('stop', {}, signal)).rejects.toMatchObject({ name: 'QmpClosed' });
  });

  test('a refusal carries the words of QEMU', async () => {
    const no = '{"id": 2, "error": {"class": "GenericError", "desc": "no such device"}}\r\n';
    const qmp = await Qmp.open(await serve(answering(['{"id": 1, "return": {}}\r\n', no])), signal);
    await expect(qmp.command('eject', {}, signal)).rejects.toMatchObject({
      name: 'QmpRefusal',
      message: 'no such device',
      command: 'eject',
    });
    qmp.close();
  });

  const strangers: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['speaks another protocol', (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    ['hangs up', (socket) => void socket.end()],
  ];
  test.each(strangers)('what answers %s', async (_title, talk) => {
    await expect(Qmp.open(await serve(talk), signal)).rejects.toMatchObject({ name: 'QmpClosed' });
  });

  test('one that another client holds never greets: the limit of the caller ends the wait', async () => {
    const abort = new AbortController();
    const opening = Qmp.open(await serve(() => undefined), abort.signal);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});
