// fltmgr: filters, volumes and instances, and how to get from one to another. Whatever is given out is
// referenced, and the driver gives it back by FltObjectDereference.
import { NtStatus } from '../../../contract/windows/index.ts';
import {
  compareAltitudes,
  type Filter,
  type FltVolume,
  type Instance,
} from '../../filter-manager/index.ts';
import { parseObjectName } from '../../io/objectNamespace.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, none, partial, type Out } from '../binding.ts';
import { tellInstance } from '../instanceInformation.ts';
import type { Room } from '../room.ts';

const { APC_LEVEL } = Irql;
const irql = APC_LEVEL;
const FLT_FSTYPE_NTFS = 2;
const POINTER_BYTES = 4;

interface FltObject {
  readonly address: number;
}

/** Gives one object out, or says that there is none. */
function give(
  room: Room,
  into: Out<number>,
  object: FltObject | undefined,
  absent: NtStatus,
): NtStatus {
  if (object === undefined) return absent;
  room.references.add(object.address);
  into.set(object.address);
  return NtStatus.STATUS_SUCCESS;
}

interface List {
  readonly address: number;
  /** Elements that it has room for. */
  readonly size: number;
  readonly returned: Out<number>;
}

/** Gives several out, or says how many there are. */
function giveAll(
  room: Room,
  { address, size, returned }: List,
  objects: readonly FltObject[],
  routine: string,
): NtStatus {
  returned.set(objects.length);
  if (size < objects.length) return NtStatus.STATUS_BUFFER_TOO_SMALL;
  if (objects.length > 0) room.probe(address, objects.length * POINTER_BYTES, true, routine);
  objects.forEach((object, index) => {
    room.references.add(object.address);
    room.memory.write32(address + POINTER_BYTES * index, object.address);
  });
  return NtStatus.STATUS_SUCCESS;
}

/** "D:" is "\??\D:" here. */
function volumeNamed(room: Room, filter: Filter, name: string): FltVolume | undefined {
  const absolute = /^[A-Za-z]:$/.test(name) ? `\\??\\${name}` : name;
  const parsed = parseObjectName(absolute, room.io.volumes);
  if ('status' in parsed || parsed.rest !== '') return undefined;
  return filter.frame.volumes.find(({ volume }) => volume === parsed.volume);
}

/** An instance in the same frame, by its place relative to another one. */
function neighbourOf(instance: Instance, step: 1 | -1): Instance | undefined {
  const { instances } = instance.volume;
  return instances[instances.indexOf(instance) + step];
}

const missing = NtStatus.STATUS_NO_MORE_ENTRIES;

export const objectExports = {
  FltObjectReference: partial(
    'A teardown does not wait for references that are left; they are told at the unload.',
    ['address'],
    'status',
    (room, object) =>
      room.references.add(object) ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_FLT_DELETING_OBJECT,
  ),
  FltObjectDereference: partial(
    'A teardown does not wait for references that are left; they are told at the unload.',
    ['address'],
    'void',
    (room, object) => room.references.release(object),
  ),
  FltGetFilterFromInstance: full(['instance', 'out32'], 'status', (room, instance, filter) =>
    give(room, filter, instance.filter, missing),
  ),
  FltGetVolumeFromInstance: full(['instance', 'out32'], 'status', (room, instance, volume) =>
    give(room, volume, instance.volume, missing),
  ),
  FltGetVolumeFromFileObject: full(
    ['filter', 'fileObject', 'out32'],
    'status',
    (room, filter, file, into) => {
      const found = filter.frame.volumes.find(({ volume }) => volume === file.device.volume);
      return give(room, into, found, NtStatus.STATUS_INVALID_PARAMETER);
    },
    { irql },
  ),
  FltGetVolumeFromName: partial(
    'The volume is looked up by its name; no request to open it is sent.',
    ['filter', 'unicodeString', 'out32'],
    'status',
    (room, filter, name, into) => {
      const found = volumeNamed(room, filter, name.read());
      return give(room, into, found, NtStatus.STATUS_FLT_VOLUME_NOT_FOUND);
    },
    { irql: Irql.PASSIVE_LEVEL },
  ),
  FltGetVolumeInstanceFromName: full(
    ['address', 'volume', 'optionalUnicodeString', 'out32'],
    'status',
    (room, filter, volume, name, into) => {
      const wanted = name?.read().toUpperCase();
      const found = volume.instances.find(
        (one) =>
          (filter === 0 || one.filter.address === filter) &&
          (wanted === undefined || one.name.toUpperCase() === wanted),
      );
      return give(room, into, found, NtStatus.STATUS_FLT_INSTANCE_NOT_FOUND);
    },
    { irql },
  ),
  FltGetTopInstance: full(
    ['volume', 'out32'],
    'status',
    (room, { instances }, into) => give(room, into, instances[0], missing),
    { irql },
  ),
  FltGetBottomInstance: full(
    ['volume', 'out32'],
    'status',
    (room, { instances }, into) => give(room, into, instances.at(-1), missing),
    { irql },
  ),
  FltGetUpperInstance: full(
    ['instance', 'out32'],
    'status',
    (room, instance, into) => give(room, into, neighbourOf(instance, -1), missing),
    { irql },
  ),
  FltGetLowerInstance: full(
    ['instance', 'out32'],
    'status',
    (room, instance, into) => give(room, into, neighbourOf(instance, 1), missing),
    { irql },
  ),
  FltEnumerateVolumes: full(
    ['filter', 'address', 'u32', 'out32'],
    'status',
    (room, filter, address, size, returned) =>
      giveAll(room, { address, size, returned }, filter.frame.volumes, 'FltEnumerateVolumes'),
    { irql },
  ),
  FltEnumerateInstances: full(
    ['optionalVolume', 'optionalFilter', 'address', 'u32', 'out32'],
    'status',
    (room, volume, filter, address, size, returned) => {
      if (volume === null && filter === null) return NtStatus.STATUS_INVALID_PARAMETER;
      const volumes = volume === null ? room.manager.volumes : [volume];
      const found = volumes.flatMap(({ instances }) =>
        instances.filter((one) => filter === null || one.filter === filter),
      );
      return giveAll(room, { address, size, returned }, found, 'FltEnumerateInstances');
    },
    { irql },
  ),
  FltCompareInstanceAltitudes: full(['instance', 'instance'], 'i32', (_room, a, b) =>
    Math.sign(compareAltitudes(a.altitude, b.altitude)),
  ),
  FltGetInstanceInformation: partial(
    'InstanceBasicInformation and InstanceFullInformation.',
    ['instance', 'u32', 'address', 'u32', 'out32'],
    'status',
    (room, instance, informationClass, buffer, length, returned) =>
      tellInstance(room, instance, informationClass, { buffer, length, returned }),
    { irql },
  ),
  FltGetVolumeName: full(
    ['volume', 'optionalUnicodeString', 'optionalOut32'],
    'status',
    (_room, { volume }, name, needed) => {
      if (name === null && needed === null) return NtStatus.STATUS_INVALID_PARAMETER;
      const bytes = volume.deviceName.length * 2;
      needed?.set(bytes);
      if (name === null || name.maximumLength < bytes) return NtStatus.STATUS_BUFFER_TOO_SMALL;
      name.put(volume.deviceName);
      return NtStatus.STATUS_SUCCESS;
    },
    { irql },
  ),
  FltGetFileSystemType: full(
    ['address', 'out32'],
    'status',
    (_room, _object, type) => {
      type.set(FLT_FSTYPE_NTFS);
      return NtStatus.STATUS_SUCCESS;
    },
    { since: '6.0' },
  ),
  FltIsVolumeWritable: full(['address', 'out8'], 'status', (_room, _object, writable) => {
    writable.set(1);
    return NtStatus.STATUS_SUCCESS;
  }),
  FltGetDeviceObject: partial(
    'The structure shows type, size, flags, device type, the devices above and StackSize; its driver ' +
      'object is NULL.',
    ['volume', 'out32'],
    'status',
    (room, { device }, into) => {
      into.set(room.objects.showDevice(device));
      return NtStatus.STATUS_SUCCESS;
    },
  ),
  FltGetVolumeGuidName: none('Volumes have no GUID names.'),
  FltGetVolumeProperties: none('Device characteristics of volumes are not modelled.'),
  FltGetDiskDeviceObject: none('There is no disk under the volumes of the model.'),
};
