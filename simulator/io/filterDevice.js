// IoCreateDevice and IoAttachDeviceToDeviceStack as a filter does them for one volume.
import { topOfStack } from './deviceObject.ts';
const DEVICE_OBJECT_LENGTH = 0xb8;
/** A new device of `driver` on top of whatever stands on the volume already. */
export function attachFilterDevice(io, volume, driver) {
    const device = {
        address: io.allocateObject('device', DEVICE_OBJECT_LENGTH),
        name: '',
        driver,
        stackSize: 1,
        lower: null,
        attached: null,
        volume,
    };
    const top = topOfStack(volume.fileSystemDevice);
    io.attachDevice(device, top);
    // A filter takes over how reads and writes of those below want their buffers.
    if (top.ioFlags !== undefined)
        device.ioFlags = top.ioFlags;
    return device;
}
