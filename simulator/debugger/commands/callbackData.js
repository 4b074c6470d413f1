// !fltkd.cbd: one operation with its completion nodes, as the extension prints it.
import { fltMajorName } from '../../../contract/windows/index.ts';
import { irpCtrlLayout } from '../../filter-manager/index.ts';
import { isAtLeast } from '../../windows/profiles.ts';
import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError } from '../failure.ts';
import { IrpCtrlFlag, nextCompletion } from '../images.ts';
/** Flags that the extension knows; it shows others by value. */
const dataFlags = [
    [0x1, 'Irp'],
    [0x2, 'FastIo'],
    [0x4, 'FsFilter'],
    [0x8, 'SystemBuffer'],
    [0x10000, 'Generated'],
    [0x20000, 'Reissued'],
    [0x40000, 'Draining'],
    [0x80000, 'PostOperation'],
    [0x80000000, 'Dirty'],
];
function flagText(value, names) {
    return names.flatMap(([bit, name]) => ((value & bit) !== 0 ? [name] : [])).join(' ');
}
function unknownFlags(value, names) {
    const known = names.reduce((all, [bit]) => all | bit, 0);
    const left = (value & ~known) >>> 0;
    return left === 0 ? '' : ` +${left.toString(16)}!!`;
}
const field = (name, text) => `${name.padEnd(25)}: ${text}`;
const inner = (name, text) => ` ${name.padEnd(25)}: ${text}`;
export const callbackData = (looking, text) => {
    const { standing, machine } = looking;
    const address = evaluateMasm(standing.scope(machine), text);
    const operation = standing.records.operations.find((one) => one.data.address === address || one.address === address);
    if (operation === undefined) {
        throw new KdError(`${hex8(address)}: no FLT_CALLBACK_DATA that the Filter Manager knows`);
    }
    return [
        ...headLines(looking, operation),
        ...dataLines(looking, operation),
        '',
        '   Cmd     IrpFl   OpFl  CmpFl  Instance FileObjt Completion-Context  Node Adr',
        '--------- -------- ----- -----  -------- -------- ------------------  --------',
        ...nodeLines(looking, operation),
        ...workingLines(looking, operation),
    ];
};
function headLines({ standing }, operation) {
    const { data, irp, goesTo } = operation;
    const { profile } = standing.records.recorder.machine;
    const flags = standing.space.u32(data.address) ?? 0;
    const { majorFunction, targetFileObject } = data.iopb;
    const command = fltMajorName(majorFunction).replace('IRP_MJ_', '');
    const ctrl = operation.parametersChanged
        ? IrpCtrlFlag.FixedAlloc
        : IrpCtrlFlag.FixedAlloc | IrpCtrlFlag.DontCopyParms;
    const names = [
        [IrpCtrlFlag.DontCopyParms, 'DontCopyParms'],
        [IrpCtrlFlag.FixedAlloc, 'FixedAlloc'],
    ];
    const stack = operation.hold?.node?.address ??
        operation.nodes.at(-1)?.address ??
        firstNode(standing.records.nodesOf(operation)) ??
        0;
    const size = operation.volume.frame.completionNodes;
    // Where the event lies in the IRP_CTRL of Windows 7; XP's is not known.
    const syncEvent = isAtLeast(profile, '6.0') ? hex8(operation.address + 0x10) : '';
    return [
        '',
        `IRP_CTRL: ${hex8(operation.address)}  ${command} (${majorFunction}) [${hex8(flags)}] ${flagText(flags, dataFlags)}`,
        field('Flags', `[${hex8(ctrl)}] ${flagText(ctrl, names)}`),
        field('Irp', `${hex8(irp?.address ?? 0)} `),
        field('DeviceObject', `${hex8(goesTo.device.address)} "${goesTo.volume.deviceName}"`),
        field('FileObject', `${hex8(targetFileObject?.address ?? 0)} `),
        field('CompletionNodeStack', `${hex8(stack)}   Size=${size}  Next=${nextCompletion(operation)}`),
        field('SyncEvent', `(${syncEvent})`),
        field('InitiatingInstance', `${hex8(0)} `),
        field('SwappedBufferMdl', `${hex8(0)} `),
        field('CallbackData', `(${hex8(data.address)})`),
    ];
}
const firstNode = (nodes) => nodes.length === 0 ? undefined : Math.min(...nodes.map(({ address }) => address));
function dataLines({ standing }, { data }) {
    const { space, book } = standing;
    const found = book.find('_FLT_CALLBACK_DATA', 'x86');
    const read = (path) => {
        const member = found.kind === 'found' ? book.member(found.structure, path) : undefined;
        if (member === undefined)
            return 0;
        return Number(space.number(data.address + member.offset, member.size) ?? 0);
    };
    const flags = read('Flags');
    const mode = read('RequestorMode');
    const contexts = [0, 1, 2, 3].map((index) => {
        const value = space.u32(data.address + CONTEXT_OFFSET + 4 * index) ?? 0;
        return inner(`FilterContext[${index}]`, `${hex8(value)} `);
    });
    return [
        inner('Flags', `[${hex8(flags)}] ${flagText(flags, dataFlags)}${unknownFlags(flags, dataFlags)}`),
        inner('Thread', `${hex8(read('Thread'))} `),
        inner('Iopb', `${hex8(read('Iopb'))} `),
        inner('RequestorMode', `[${mode.toString(16).padStart(2, '0')}] ${mode === 0 ? 'KernelMode' : 'UserMode'}`),
        inner('IoStatus.Status', `0x${hex8(read('IoStatus.Status'))} `),
        inner('IoStatus.Information', `${hex8(read('IoStatus.Information'))} `),
        inner('TagData', `${hex8(read('TagData'))} `),
        ...contexts,
    ];
}
/** FLT_CALLBACK_DATA.FilterContext on x86. */
const CONTEXT_OFFSET = 0x18;
const IOPB = {
    irpFlags: 0x0,
    major: 0x4,
    minor: 0x5,
    flags: 0x6,
    file: 0x8,
    instance: 0xc,
    parameters: 0x10,
};
/** An FLT_IO_PARAMETER_BLOCK as its bytes are. */
function readBlock({ standing }, address) {
    const { space } = standing;
    const u32 = (offset) => hex8(space.u32(address + offset) ?? 0);
    const u8 = (offset) => space.byteAt(address + offset) ?? 0;
    const words = [0, 1, 2, 3, 4].map((index) => u32(IOPB.parameters + 4 * index));
    // Argument6 is a LARGE_INTEGER, of which x86 has the lower half inside the block.
    const last = u32(IOPB.parameters + 20).padStart(16, '0');
    return {
        command: `[${u8(IOPB.major)},${u8(IOPB.minor)}]`.padEnd(9),
        irpFlags: u32(IOPB.irpFlags),
        operationFlags: u8(IOPB.flags).toString(16).padStart(2, '0'),
        instance: u32(IOPB.instance),
        file: u32(IOPB.file),
        arguments: `     Args: ${words.join(' ')} ${last}`,
    };
}
/** The last one first; the one whose turn it is has a mark. */
function nodeLines(looking, operation) {
    const { records } = looking.standing;
    const layout = irpCtrlLayout(records.recorder.machine.profile);
    const used = new Map(records.nodesOf(operation).map((node) => [node.address, node]));
    const lines = [];
    for (let index = operation.volume.frame.completionNodes - 1; index >= 0; index -= 1) {
        const address = operation.address + layout.nodes + index * layout.nodeLength;
        const node = used.get(address);
        const mark = operation.hold?.node === node && node !== undefined ? '>' : ' ';
        lines.push(...oneNode(looking, address + layout.nodeSnapshot, address, node, mark));
    }
    return lines;
}
function oneNode(looking, snapshot, address, node, mark) {
    const block = node === undefined ? emptyBlock : readBlock(looking, snapshot);
    const context = `${hex8(node?.completionContext ?? 0)}-00000000`;
    const row = `${mark}${block.command}${block.irpFlags}  ${block.operationFlags}   0000   ${block.instance} ${block.file} ${context}   ${hex8(address)}`;
    if (node === undefined)
        return [row, block.arguments];
    const { instance, callbacks } = node;
    const routine = callbacks.postAt?.function === undefined
        ? (neighbourRoutines[instance.filter.name] ?? '(no symbol)')
        : `${instance.filter.name}!${callbacks.postAt.function}`;
    return [
        row,
        `            ("${instance.filter.name}","${instance.name}")  ${routine} `,
        block.arguments,
    ];
}
/** Post-operations of Windows' own filters, as transcripts show them. */
const neighbourRoutines = {
    FileInfo: 'fileinfo!FIPostOperationCommonCallback',
};
const emptyBlock = {
    command: '[0,0]'.padEnd(9),
    irpFlags: hex8(0),
    operationFlags: '00',
    instance: hex8(0),
    file: hex8(0),
    arguments: `     Args: ${Array.from({ length: 5 }, () => hex8(0)).join(' ')} ${hex8(0).padStart(16, '0')}`,
};
function workingLines(looking, operation) {
    const layout = irpCtrlLayout(looking.standing.records.recorder.machine.profile);
    const address = operation.address + layout.workingIopb;
    const block = readBlock(looking, address);
    return [
        'Working IOPB:',
        `>${block.command}`.slice(1) +
            `${block.irpFlags}  ${block.operationFlags}          ${block.instance} ${block.file}                     ${hex8(address)}`,
        block.arguments,
    ];
}
