// !thread, !process, !apc, !locks, .thread's list: threads, what they wait for, and what they hold.
import { displayNameOf } from '../../io/fileObjectRecord.ts';
import { heldBackBy } from '../../kernel/apcRules.ts';
import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError } from '../failure.ts';
import { stackLines } from './stack.ts';
const IRP_LENGTH = 0x70;
const LOCATION_LENGTH = 0x24;
export const thread = (looking, text) => {
    const { standing, machine } = looking;
    const [address = ''] = text.trim().split(/\s+/);
    if (address === '' || address === '-1')
        return threadLines(looking, standing.thread);
    const at = evaluateMasm(standing.scope(machine), address);
    const found = standing.records.threadAt(at);
    if (found === undefined)
        throw new KdError(`${hex8(at)} is not a thread object, interpreting as stack value...`);
    return threadLines(looking, found);
};
const clientId = ({ process, id }) => [process.id, id].map((one) => one.toString(16).padStart(4, '0')).join('.');
function threadLines(looking, one) {
    const { standing } = looking;
    const irps = standing.records.irpsOf(one);
    const runs = one === standing.still.recorder.machine.scheduler.current && one.state !== 'waiting';
    const state = runs ? 'RUNNING on processor 0' : stateText(one);
    const top = standing.stacks.topOf(one);
    return [
        `THREAD ${hex8(one.address)}  Cid ${clientId(one)}  Teb: 00000000 Win32Thread: 00000000 ${state}`,
        ...(one.waiting === null ? [] : [`    ${one.waiting.kind}: ${one.waiting.what}`]),
        ...(one.waiting?.holder === undefined
            ? []
            : [`    held by THREAD ${hex8(one.waiting.holder.address)} (${one.waiting.holder.name})`]),
        ...(irps.length === 0 ? [] : ['IRP List:']),
        ...irps.map((irp) => `    ${hex8(irp.address)}: (0006,${(IRP_LENGTH + irp.stackCount * LOCATION_LENGTH).toString(16).padStart(4, '0')}) Flags: ${hex8(irp.flags)}  Mdl: ${hex8(irp.mdl?.address ?? 0)}`),
        'Not impersonating',
        `Owning Process            ${hex8(one.process.address)}       Image:         ${one.process.name}`,
        `Name                      ${one.name}${one.step === null ? '' : `, step ${one.step}`}`,
        `Irql ${one.irql}  KernelApcDisable ${-one.criticalRegions}  SpecialApcDisable ${-one.guardedRegions}  Pending APCs ${one.apcQueue.length}`,
        `Stack Init ${hex8(top)} Base ${hex8(top + 0x10)} Limit ${hex8(top + 0x10 - 0x4000)}`,
        ...stackLines(looking, standing.framesOf(one), {
            numbers: false,
            arguments: true,
            details: false,
            addresses: true,
            source: true,
        }),
    ];
}
function stateText({ state, waiting }) {
    if (state !== 'waiting')
        return state.toUpperCase();
    const why = waiting?.kind === 'resource' ? 'WrResource' : 'Executive';
    return `WAIT: (${why}) KernelMode Non-Alertable`;
}
export const processes = (looking, text) => {
    const { standing, machine } = looking;
    const [address = '0', flags = '0'] = text
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '');
    const wanted = evaluateMasm(standing.scope(machine), address);
    const level = evaluateMasm(standing.scope(machine), flags);
    const found = standing.records.processes.filter((one) => wanted === 0 || one.address === wanted);
    if (found.length === 0)
        throw new KdError(`Could not find process ${hex8(wanted)}`);
    const head = wanted === 0 ? ['**** NT ACTIVE PROCESS DUMP ****'] : [];
    return [...head, ...found.flatMap((one) => processLines(looking, one, level))];
};
function processLines(looking, process, level) {
    const own = looking.standing.records.threads.filter((one) => one.process === process);
    const lines = [
        `PROCESS ${hex8(process.address)}  Cid: ${process.id.toString(16).padStart(4, '0')}`,
        `    Image: ${process.name}`,
        '',
    ];
    if (level === 0)
        return lines;
    const threads = own.flatMap((one) => [
        ...threadLines(looking, one).map((line) => `        ${line}`),
        '',
    ]);
    return [...lines, ...threads];
}
/** !apc, !apc thre <thread>, !apc proc <process> */
export const apcs = (looking, text) => {
    const { standing, machine } = looking;
    const [how = '', address = ''] = text.trim().split(/\s+/);
    const { records } = standing;
    if (how === 'thre' || how === 'thread') {
        const at = evaluateMasm(standing.scope(machine), address);
        const found = records.threadAt(at);
        if (found === undefined)
            throw new KdError(`${hex8(at)} is not a thread`);
        return apcLines(looking, found);
    }
    if (how !== '' && how !== 'proc')
        throw new KdError(`Unknown argument '${how}': !apc [thre|proc address]`);
    const wanted = how === 'proc' ? evaluateMasm(standing.scope(machine), address) : 0;
    const chosen = records.processes.filter((one) => wanted === 0 || one.address === wanted);
    return [
        '*** Enumerating APCs in all processes',
        ...chosen.flatMap((process) => [
            `Process ${hex8(process.address)} ${process.name}`,
            ...records.threads
                .filter((one) => one.process === process && one.apcQueue.length > 0)
                .flatMap((one) => apcLines(looking, one)),
        ]),
    ];
};
/** KTHREAD.ApcState, and a KAPC inside an IRP's Tail. */
const APC_STATE = 0x40;
const TAIL_APC = 0x40;
function apcLines({ standing }, one) {
    const head = `Thread ${hex8(one.address)} ApcStateIndex 0 ApcListHead ${hex8(one.address + APC_STATE)} [KERNEL]`;
    return [
        head,
        ...one.apcQueue.flatMap((apc) => oneApc(one, apc, standing.symbols.addressOfRoutine(COMPLETE), standing.symbols.addressOfRoutine(ABORT))),
    ];
}
const COMPLETE = 'nt!IopCompleteRequest';
const ABORT = 'nt!IopAbortRequest';
function oneApc(thread, apc, complete, abort) {
    const irp = /IRP 0x([0-9a-f]+)/.exec(apc.what)?.[1];
    const address = irp === undefined ? 0 : Number.parseInt(irp, 16) + TAIL_APC;
    const held = heldBackBy(thread, apc);
    return [
        `    KAPC @ ${hex8(address)}`,
        '      Type           12',
        `      KernelRoutine  ${hex8(complete)} nt!IopCompleteRequest`,
        `      RundownRoutine ${hex8(abort)} nt!IopAbortRequest`,
        `      ${apc.kind} kernel APC, ${apc.what}: ${held === null ? 'can be delivered' : `not delivered, ${held}`}`,
    ];
}
/** !locks: every ERESOURCE that somebody has. `-v` also those that nobody has. */
export const locks = ({ standing }, text) => {
    const verbose = /(^|\s)-v(\s|$)/.test(text);
    const { resources, threads } = standing.records;
    const held = resources.filter((one) => one.owners.size > 0);
    const shown = verbose ? resources : held;
    const lines = shown.flatMap((resource) => {
        const owners = [...resource.owners].map(([owner, count]) => `${hex8(owner.address)}-${count.toString(16).padStart(2, '0')}<*> `);
        const waiters = threads.filter(({ waiting }) => waiting?.what.includes(`0x${resource.address.toString(16)}`));
        const how = owners.length === 0
            ? 'Available'
            : resource.exclusive
                ? 'Exclusively owned'
                : `Shared ${owners.length} owning threads`;
        return [
            '',
            `Resource @ 0x${hex8(resource.address)}    ${how}`,
            ...(waiters.length === 0 ? [] : [`    Contention Count = ${waiters.length}`]),
            ...(owners.length === 0 ? [] : [`     Threads: ${owners.join('')}`]),
            ...(waiters.length === 0 ? [] : ['     Threads Waiting:']),
            ...waiters.map((one) => `              ${hex8(one.address)} (${one.name})`),
        ];
    });
    return [
        '**** DUMP OF ALL RESOURCE OBJECTS ****',
        'KD: Scanning for held locks.',
        ...lines,
        `${resources.length} total locks, ${held.length} locks currently held`,
    ];
};
/** Open handles and files: what the workload has in hand. */
export const openFiles = ({ standing }) => standing.records.files.map((file) => `${hex8(file.address)}  ${displayNameOf(file)}`);
