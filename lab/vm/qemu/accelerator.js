// Whether this machine can run guests at full speed. /dev/kvm may be there and unusable (no rights, a
// cloud machine without nested virtualization, another hypervisor in the way), or so slow that a
// guest never comes up; so it is tried, with a machine whose firmware counts in protected mode.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram } from '../../process/index.ts';
const ROM_BYTES = 64 * 1024;
/** The firmware ends at the top of the address space; a processor begins sixteen bytes below. */
const ROM_BASE = 0xffff_0000;
const RESET_VECTOR = ROM_BYTES - 16;
const GDT = 0x100;
const GDT_POINTER = 0x110;
/** A quarter of a second when emulated, a hundredth at full speed. */
const COUNT = 20_000_000;
/** The device at port F4h ends QEMU with (value << 1) | 1; the guest writes 10h. */
const ENDED_BY_GUEST = 33;
const LIMIT_MS = 1_500;
const candidates = {
    linux: ['kvm'],
    darwin: ['hvf'],
};
const known = new Map();
/** Tried once for each program and process of the lab. */
export async function probeAccelerator(program, signal) {
    const found = known.get(program) ?? (await probe(program, signal));
    known.set(program, found);
    return found;
}
async function probe(program, signal) {
    const rejected = [];
    for (const candidate of candidates[process.platform] ?? []) {
        const said = await tryAccelerator(program, candidate, signal);
        if (said === undefined)
            return { accelerator: candidate, rejected };
        rejected.push(`${candidate}: ${said}`);
    }
    return { accelerator: 'tcg', rejected };
}
/** To protected mode, count down, tell the device. */
function probeFirmware() {
    const rom = new Uint8Array(ROM_BYTES).fill(0xf4); // hlt
    const word = (value) => [value & 0xff, (value >>> 8) & 0xff];
    const long = (value) => [...word(value & 0xffff), ...word(value >>> 16)];
    const toProtected = [
        ...[0x2e, 0x66, 0x0f, 0x01, 0x16, ...word(GDT_POINTER)], // lgdt cs:[GDT_POINTER]
        ...[0x0f, 0x20, 0xc0, 0x0c, 0x01, 0x0f, 0x22, 0xc0], // cr0 |= 1
    ];
    const FAR_JUMP_BYTES = 8;
    const goal = ROM_BASE + toProtected.length + FAR_JUMP_BYTES;
    rom.set([
        ...toProtected,
        ...[0x66, 0xea, ...long(goal), ...word(0x08)], // jmp far 8:goal
        ...[0xb9, ...long(COUNT), 0x49, 0x75, 0xfd], // mov ecx, COUNT; dec ecx; jnz -3
        ...[0xb0, 0x10, 0xe6, 0xf4, 0xf4], // mov al, 10h; out F4h, al; hlt
    ]);
    const flatCode = [0xff, 0xff, 0, 0, 0, 0x9a, 0xcf, 0];
    rom.set([0, 0, 0, 0, 0, 0, 0, 0, ...flatCode], GDT);
    rom.set([...word(15), ...long(ROM_BASE + GDT)], GDT_POINTER);
    rom.set([0xe9, ...word(ROM_BYTES - RESET_VECTOR - 3)], RESET_VECTOR); // jmp to the start
    return rom;
}
/** Undefined when it works, else what QEMU said. */
async function tryAccelerator(program, accelerator, signal) {
    const folder = await mkdtemp(path.join(tmpdir(), 'fltlab-accel-'));
    try {
        const rom = path.join(folder, 'probe.rom');
        await writeFile(rom, probeFirmware());
        const result = await runProgram(program, [
            ...[
                '-machine',
                `isapc,accel=${accelerator}`,
                '-m',
                '1M',
                '-nodefaults',
                '-display',
                'none',
            ],
            ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=1', '-bios', rom],
        ], { signal, timeout_ms: LIMIT_MS });
        if (result.kind === 'exited' && result.code === ENDED_BY_GUEST)
            return undefined;
        if (result.kind === 'not-found')
            return 'no such program';
        return result.kind === 'timed-out'
            ? 'it hangs'
            : result.stderr.trim().slice(-500) || 'it fails';
    }
    finally {
        await rm(folder, { recursive: true, force: true });
    }
}
