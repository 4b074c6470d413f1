// Disk images through qemu-img: what a qcow2 holds, overlays, and switching between them without a moment
// in which a killed lab leaves no disk.
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { runProgram } from '../../process/index.ts';
import { inUse, toolFailed, toolMissing } from '../vmErrors.ts';
const LIMIT_MS = 300_000;
const SnapshotInfo = z.object({
    name: z.string(),
    'vm-state-size': z.number(),
    'date-sec': z.number(),
});
export const ImageInfo = z.object({
    format: z.string(),
    'virtual-size': z.number(),
    'full-backing-filename': z.string().optional(),
    'backing-filename': z.string().optional(),
    snapshots: z.array(SnapshotInfo).optional(),
});
export async function imageTool(tool, args, what, signal) {
    const result = await runProgram(tool.program, args, { signal, timeout_ms: LIMIT_MS });
    if (result.kind === 'not-found') {
        throw toolMissing(tool.program, 'Install qemu-img (Debian: qemu-utils).');
    }
    if (result.kind === 'exited' && result.code === 0)
        return result.stdout;
    if (result.stderr.includes('lock')) {
        throw inUse(tool.vm, 'another program holds its disk', result.stderr.trim());
    }
    throw toolFailed(tool.vm, what, result.stderr);
}
/** Also of an image that a running machine holds. */
export async function imageInfo(tool, file, signal) {
    const text = await imageTool(tool, ['info', '--output=json', '-U', file], `read its disk ${file}`, signal);
    return ImageInfo.parse(JSON.parse(text));
}
export const snapshotsOf = (info) => (info.snapshots ?? []).map((one) => ({
    name: one.name,
    made_s: one['date-sec'],
    live: one['vm-state-size'] > 0,
    current: false,
}));
/** Makes `file` a fresh overlay of `backing`. What was there is replaced in one step. */
export async function makeOverlay(tool, backing, file, signal) {
    const { format } = await imageInfo(tool, backing, signal);
    const beside = path.join(path.dirname(file), `.${randomBytes(6).toString('hex')}.qcow2`);
    try {
        const args = ['create', '-q', '-f', 'qcow2', '-b', path.resolve(backing), '-F', format, beside];
        await imageTool(tool, args, `make an overlay of ${backing}`, signal);
        await rename(beside, file);
    }
    finally {
        await rm(beside, { force: true });
    }
}
