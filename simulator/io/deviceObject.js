/** The top of the attachment stack that `device` belongs to. */
export function topOfStack(device) {
    let top = device;
    while (top.attached !== null)
        top = top.attached;
    return top;
}
