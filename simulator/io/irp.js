/** The stack location of the driver that is being called. */
export function currentStackLocation(irp) {
    const location = irp.stack[irp.currentLocation - 1];
    if (location === undefined)
        throw new RangeError('the IRP is not at any stack location');
    return location;
}
