// ntoskrnl: pool and look-aside lists.
import { NtStatus } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, none } from '../binding.ts';
import { LookasideLayout } from '../layout.ts';
import { poolTypeOf } from './shared.ts';
const DEFAULT_TAG = 0x656e6f4e; // 'None'
const POOL_ZERO_ALLOCATION = 0x400;
const FLAG_UNINITIALIZED = 0x2n;
const FLAG_NON_PAGED = 0x40n;
const FLAG_NON_PAGED_EXECUTE = 0x80n;
const FLAG_PAGED = 0x100n;
const { APC_LEVEL } = Irql;
/** Paged pool is not there at DISPATCH_LEVEL. */
function allocate(room, type, length, tag, routine) {
    const kind = poolTypeOf(type);
    const { irql } = room.kernel.scheduler.current;
    if (kind === 'paged' && irql > APC_LEVEL) {
        room.kernel.report({
            id: 'irql-too-high',
            message: `${routine} was asked for paged pool at IRQL ${irql}.`,
        });
    }
    return room.pool.allocate(kind, length, tag, (type & POOL_ZERO_ALLOCATION) !== 0);
}
/** ExAllocatePool2: exactly one kind of pool; zeroed unless told otherwise. */
function allocate2(room, flags, length, tag) {
    const nonpaged = (flags & (FLAG_NON_PAGED | FLAG_NON_PAGED_EXECUTE)) !== 0n;
    const paged = (flags & FLAG_PAGED) !== 0n;
    if (nonpaged === paged || length === 0 || tag === 0)
        return 0;
    return room.pool.allocate(paged ? 'paged' : 'nonpaged', length, tag, (flags & FLAG_UNINITIALIZED) === 0n);
}
function initializeList(room, list, type, size, tag) {
    room.probe(list, LookasideLayout.length, true, 'the initialization of a look-aside list');
    room.memory.write32(list + LookasideLayout.Type, type);
    room.memory.write32(list + LookasideLayout.Tag, tag);
    room.memory.write32(list + LookasideLayout.Size, size);
}
function allocateFrom(room, list, routine) {
    room.probe(list, LookasideLayout.length, false, routine);
    const { memory } = room;
    const type = memory.read32(list + LookasideLayout.Type);
    const size = memory.read32(list + LookasideLayout.Size);
    return allocate(room, type, size, memory.read32(list + LookasideLayout.Tag), routine);
}
const listKinds = ['address', 'routine', 'routine', 'u32', 'u32', 'u32', 'u32'];
export const poolExports = {
    ExAllocatePool: full(['u32', 'u32'], 'address', (room, type, length) => allocate(room, type, length, DEFAULT_TAG, 'ExAllocatePool')),
    ExAllocatePoolWithTag: full(['u32', 'u32', 'u32'], 'address', (room, type, length, tag) => allocate(room, type, length, tag, 'ExAllocatePoolWithTag')),
    ExAllocatePoolWithQuotaTag: full(['u32', 'u32', 'u32'], 'address', (room, type, length, tag) => allocate(room, type, length, tag, 'ExAllocatePoolWithQuotaTag')),
    ExAllocatePoolWithTagPriority: full(['u32', 'u32', 'u32', 'u32'], 'address', (room, type, length, tag) => allocate(room, type, length, tag, 'ExAllocatePoolWithTagPriority')),
    ExAllocatePool2: full(['u64', 'u32', 'u32'], 'address', (room, flags, length, tag) => allocate2(room, flags, length, tag), { since: '10.0' }),
    ExFreePool: full(['address'], 'void', (room, address) => {
        room.pool.free(address, 'ExFreePool');
    }),
    ExFreePoolWithTag: full(['address', 'u32'], 'void', (room, address) => {
        room.pool.free(address, 'ExFreePoolWithTag');
    }),
    ExInitializeNPagedLookasideList: full(listKinds, 'void', (room, list, _allocate, _free, _flags, size, tag) => {
        initializeList(room, list, 0, size, tag);
    }),
    ExInitializePagedLookasideList: full(listKinds, 'void', (room, list, _allocate, _free, _flags, size, tag) => {
        initializeList(room, list, 1, size, tag);
    }, { irql: APC_LEVEL }),
    ExInitializeLookasideListEx: full(['address', 'routine', 'routine', 'u32', 'u32', 'u32', 'u32', 'u32'], 'status', (room, list, _allocate, _free, type, _flags, size, tag) => {
        initializeList(room, list, type, size, tag);
        return NtStatus.STATUS_SUCCESS;
    }, { since: '6.0' }),
    ExDeleteNPagedLookasideList: full(['address'], 'void', () => undefined),
    ExDeletePagedLookasideList: full(['address'], 'void', () => undefined),
    ExDeleteLookasideListEx: full(['address'], 'void', () => undefined, { since: '6.0' }),
    ExAllocateFromNPagedLookasideList: full(['address'], 'address', (room, list) => allocateFrom(room, list, 'ExAllocateFromNPagedLookasideList')),
    ExAllocateFromPagedLookasideList: full(['address'], 'address', (room, list) => allocateFrom(room, list, 'ExAllocateFromPagedLookasideList')),
    ExAllocateFromLookasideListEx: full(['address'], 'address', (room, list) => allocateFrom(room, list, 'ExAllocateFromLookasideListEx'), { since: '6.0' }),
    ExFreeToNPagedLookasideList: full(['address', 'address'], 'void', (room, _list, entry) => {
        room.pool.free(entry, 'ExFreeToNPagedLookasideList');
    }),
    ExFreeToPagedLookasideList: full(['address', 'address'], 'void', (room, _list, entry) => {
        room.pool.free(entry, 'ExFreeToPagedLookasideList');
    }),
    ExFreeToLookasideListEx: full(['address', 'address'], 'void', (room, _list, entry) => {
        room.pool.free(entry, 'ExFreeToLookasideListEx');
    }, { since: '6.0' }),
    ExAllocatePool3: none('Extended pool parameters are not modelled.', { since: '10.0' }),
};
