// Goal: names lead to volumes, opens end as Windows ends them, file objects live as long as they must.
import { describe, expect, test } from 'vitest';
import {
  BugCheck,
  IrpMajor,
  NtStatus,
  ntStatusName,
  parseNtStatus,
} from '../../contract/windows/index.ts';
import { newIosb, ntClose, ntCreateFile, ntDeleteFile } from './index.ts';
import { currentStackLocation } from './irp.ts';
import { bench, type Bench } from './testing/fakeVolume.ts';

const given = {
  root: null as number | null,
  desiredAccess: 0x120089,
  shareAccess: 7,
  disposition: 1,
  options: 0,
  fileAttributes: 0,
};

async function create(
  on: Bench,
  name: string,
  { root, ...more }: Partial<typeof given> = {},
): Promise<{ status: string; handle: number; information: number | null }> {
  const iosb = newIosb();
  const { root: _root, ...defaults } = given;
  const { status, handle } = await ntCreateFile(on.services, {
    object: { name, root: root ?? null, caseSensitive: false },
    ...defaults,
    ...more,
    allocationSize: 0,
    iosb,
  });
  const information = iosb.written ? iosb.information : null;
  return { status: ntStatusName(status), handle, information };
}

describe('names', () => {
  const rows: readonly [name: string, status: string, asked: string][] = [
    ['\\??\\C:\\dir\\f', 'STATUS_SUCCESS', 'create \\dir\\f'],
    ['\\??\\c:\\f', 'STATUS_SUCCESS', 'create \\f'],
    ['\\DosDevices\\C:\\f', 'STATUS_SUCCESS', 'create \\f'],
    ['\\Device\\HarddiskVolume1\\f', 'STATUS_SUCCESS', 'create \\f'],
    ['\\??\\C:', 'STATUS_SUCCESS', 'create '],
    ['\\Device\\HarddiskVolume12\\f', 'STATUS_OBJECT_PATH_NOT_FOUND', ''],
    ['\\Device\\HarddiskVolume9', 'STATUS_OBJECT_NAME_NOT_FOUND', ''],
    ['\\??\\Q:\\f', 'STATUS_OBJECT_PATH_NOT_FOUND', ''],
    ['C:\\f', 'STATUS_OBJECT_PATH_SYNTAX_BAD', ''],
    ['', 'STATUS_OBJECT_PATH_SYNTAX_BAD', ''],
  ];
  test.each(rows)('"%s": %s', async (name, status, asked) => {
    const on = bench();
    await on.run(async () => {
      expect((await create(on, name)).status).toBe(status);
    });
    expect(on.log[0] ?? '').toBe(asked);
  });

  test('a name may be relative to a handle', async () => {
    const on = bench();
    await on.run(async () => {
      const { handle: root } = await create(on, '\\??\\C:\\dir');
      expect((await create(on, 'sub\\f', { root })).status).toBe('STATUS_SUCCESS');
      expect((await create(on, 'sub\\f', { root: 0x1234 })).status).toBe('STATUS_INVALID_HANDLE');
    });
    expect(on.log).toEqual(['create \\dir', 'create sub\\f']);
  });
});

describe('what NtCreateFile refuses by itself', () => {
  const rows: readonly [string, Partial<typeof given>, string][] = [
    ['nothing wrong', {}, 'STATUS_SUCCESS'],
    ['an unknown disposition', { disposition: 6 }, 'STATUS_INVALID_PARAMETER'],
    ['an unknown share bit', { shareAccess: 8 }, 'STATUS_INVALID_PARAMETER'],
    ['an unknown option', { options: 0x1000000 }, 'STATUS_INVALID_PARAMETER'],
    ['both kinds of synchronous', { options: 0x30 }, 'STATUS_INVALID_PARAMETER'],
    [
      'synchronous without SYNCHRONIZE',
      { options: 0x20, desiredAccess: 1 },
      'STATUS_INVALID_PARAMETER',
    ],
    [
      'synchronous with GENERIC_READ',
      { options: 0x20, desiredAccess: 0x80000000 },
      'STATUS_SUCCESS',
    ],
    ['directory and not directory', { options: 0x41 }, 'STATUS_INVALID_PARAMETER'],
    ['directory to be overwritten', { options: 1, disposition: 5 }, 'STATUS_INVALID_PARAMETER'],
    ['directory, write-through', { options: 3 }, 'STATUS_SUCCESS'],
    ['directory, random access', { options: 0x801 }, 'STATUS_INVALID_PARAMETER'],
    ['delete on close without DELETE', { options: 0x1000 }, 'STATUS_INVALID_PARAMETER'],
    [
      'delete on close, maximum allowed',
      { options: 0x1000, desiredAccess: 0x2000000 },
      'STATUS_SUCCESS',
    ],
    ['unbuffered append', { options: 8, desiredAccess: 4 }, 'STATUS_INVALID_PARAMETER'],
  ];
  test.each(rows)('%s', async (_title, more, status) => {
    const on = bench();
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\f', more)).status).toBe(status);
    });
    expect(on.log.length).toBe(status === 'STATUS_SUCCESS' ? 1 : 0);
  });
});

describe('the life of a file object', () => {
  test('cleanup with the last handle, close with the last reference', async () => {
    const on = bench();
    await on.run(async () => {
      const { handle } = await create(on, '\\??\\C:\\f');
      const [file] = on.volume.openFiles;
      if (file === undefined) return expect.unreachable('the open is counted');
      on.io.referenceFile(file);
      await ntClose(on.services, handle);
      expect(on.log).toEqual(['create \\f', 'cleanup \\f']);
      await on.io.dereferenceFile(file);
      expect(on.log).toEqual(['create \\f', 'cleanup \\f', 'close \\f']);
      expect(on.volume.openFiles.size).toBe(0);
      expect(on.machine.pool.blockAt(file.address)?.freed).toBe(true);
      const again = ntStatusName(await ntClose(on.services, handle));
      expect(again).toBe('STATUS_INVALID_HANDLE');
    });
  });

  test('a create that fails leaves nothing: no cleanup, no close, no status block', async () => {
    const on = bench();
    on.on.set(IrpMajor.IRP_MJ_CREATE, (_device, irp) =>
      on.complete(irp, NtStatus.STATUS_ACCESS_DENIED, 7),
    );
    await on.run(async () => {
      const failed = { status: 'STATUS_ACCESS_DENIED', handle: 0, information: null };
      expect(await create(on, '\\??\\C:\\f')).toEqual(failed);
    });
    expect(on.log).toEqual(['create \\f']);
    const files = on.machine.pool.ownedBy('system').filter(({ tag }) => tag === 'File');
    expect(files).toEqual([]);
  });

  test('the reference of a request that completes after cleanup sends the close from a worker', async () => {
    const on = bench();
    let release: (() => Promise<void>) | null = null;
    const end = await on.run(async () => {
      const { handle } = await create(on, '\\??\\C:\\f');
      const [file] = on.volume.openFiles;
      if (file === undefined) return expect.unreachable('the open is counted');
      on.io.referenceFile(file);
      release = async () => on.io.files.releaseAtApcLevel(file);
      await ntClose(on.services, handle);
      await release();
      expect(on.log.at(-1)).toBe('cleanup \\f');
      await on.machine.scheduler.yieldToOthers();
      expect(on.log.at(-1)).toBe('close \\f');
    });
    expect(end).toEqual({ kind: 'completed' });
  });

  test('NtDeleteFile opens for DELETE, to be deleted on close, and ends at once', async () => {
    const on = bench();
    let options = 0;
    on.on.set(IrpMajor.IRP_MJ_CREATE, (_device, irp) => {
      const { parameters } = currentStackLocation(irp);
      if (parameters.kind === 'create') ({ options } = parameters);
      return on.complete(irp, NtStatus.STATUS_SUCCESS, 1);
    });
    await on.run(async () => {
      const object = { name: '\\??\\C:\\f', root: null, caseSensitive: false };
      expect(await ntDeleteFile(on.services, object)).toBe(NtStatus.STATUS_SUCCESS);
    });
    expect(options).toBe(0x01001000);
    expect(on.log).toEqual(['create \\f', 'cleanup \\f', 'close \\f']);
  });
});

describe('STATUS_REPARSE', () => {
  const IO_REPARSE = 0;
  const IO_REMOUNT = 1;
  const HSM = 0xc0000004;
  const SYMLINK = 0xa000000c;

  /** Answers the create of \a with STATUS_REPARSE, as often as told. */
  function reparsing(
    on: Bench,
    information: number,
    newName: string | null,
    times = Infinity,
  ): void {
    let count = 0;
    on.on.set(IrpMajor.IRP_MJ_CREATE, (_device, irp) => {
      const { fileObject } = currentStackLocation(irp);
      if (fileObject === null) return on.complete(irp, NtStatus.STATUS_INVALID_PARAMETER);
      const isStub = fileObject.fileName === '\\a' || newName === null;
      if (!isStub || count >= times) return on.complete(irp, NtStatus.STATUS_SUCCESS, 1);
      count += 1;
      if (newName !== null) fileObject.fileName = newName;
      return on.complete(irp, NtStatus.STATUS_REPARSE, information);
    });
  }

  test('a new name is parsed from the root and created from the top (R-REDIRECT-5)', async () => {
    const on = bench();
    reparsing(on, IO_REPARSE, '\\Device\\HarddiskVolume1\\b');
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\a')).status).toBe('STATUS_SUCCESS');
    });
    expect(on.log).toEqual(['create \\a', 'create \\b']);
    expect([...on.volume.openFiles].map((file) => file.fileName)).toEqual(['\\b']);
  });

  test('a remount tries the same name again', async () => {
    const on = bench();
    reparsing(on, IO_REMOUNT, null, 1);
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\a')).status).toBe('STATUS_SUCCESS');
    });
    expect(on.log).toEqual(['create \\a', 'create \\a']);
  });

  const limits = [
    ['winxp', 31],
    ['win7', 63],
  ] as const;
  test.each(limits)('%s follows at most %d (R-REDIRECT-13)', async (profile, limit) => {
    const on = bench(profile);
    reparsing(on, IO_REPARSE, '\\??\\C:\\a');
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\a')).status).toBe('STATUS_REPARSE_POINT_NOT_RESOLVED');
    });
    expect(on.log.length).toBe(limit + 1);
    expect(on.volume.openFiles.size).toBe(0);
  });

  test('a tag that nobody claims ends the open (R-REDIRECT-11)', async () => {
    const on = bench();
    reparsing(on, HSM, null);
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\a')).status).toBe('STATUS_IO_REPARSE_TAG_NOT_HANDLED');
    });
  });

  test('a symbolic link that comes without its data leads nowhere', async () => {
    const on = bench();
    reparsing(on, SYMLINK, null);
    await on.run(async () => {
      expect((await create(on, '\\??\\C:\\a')).status).toBe('STATUS_IO_REPARSE_TAG_NOT_HANDLED');
    });
  });

  test('for a volume open it is bugcheck 0xF9 (R-REDIRECT-14)', async () => {
    const on = bench();
    reparsing(on, IO_REPARSE, null);
    await expect(on.run(async () => void (await create(on, '\\??\\C:')))).rejects.toMatchObject({
      code: BugCheck.DRIVER_RETURNED_STATUS_REPARSE_FOR_VOLUME_OPEN,
    });
  });
});

test('every status that the tables name exists', () => {
  expect(parseNtStatus('STATUS_REPARSE_POINT_NOT_RESOLVED')).toBe(0xc0000280);
});
