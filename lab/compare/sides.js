import { ntStatusName } from '../../contract/windows/index.ts';
import { describeBytes } from './describeBytes.ts';
/** The entries of a trace by key, in the order of the trace. */
export function sideEntries(events, workload) {
    const steps = new Map(workload.steps.flatMap((step) => ('actor' in step ? [[step.id, step]] : [])));
    const entries = new Map();
    const repeats = new Map();
    for (const event of events) {
        const entry = entryOf(event, steps);
        if (entry === undefined)
            continue;
        // The same callback may run several times for one step: the second is compared with the second.
        const count = repeats.get(entry.key) ?? 0;
        repeats.set(entry.key, count + 1);
        const key = count === 0 ? entry.key : `${entry.key}#${count + 1}`;
        entries.set(key, { ...entry, key });
    }
    return entries;
}
function entryOf(event, steps) {
    switch (event.kind) {
        case 'step':
            return {
                ...place(event, 'return', event.operation),
                side: stepSide(event, steps.get(event.step)),
            };
        case 'completion':
            return { ...place(event, 'completion', event.operation), side: completionSide(event) };
        case 'pre-operation':
        case 'post-operation':
            return callbackEntry(event);
        case 'driver':
            return event.phase === 'load' || event.phase === 'unload'
                ? {
                    key: `driver/${event.phase}`,
                    actor: '',
                    step: event.phase,
                    phase: 'driver',
                    operation: event.phase,
                    side: {
                        text: ntStatusName(event.status),
                        fields: { status: ntStatusName(event.status) },
                    },
                    rules: event.rules ?? [],
                }
                : undefined;
        default:
            return undefined;
    }
}
function place(event, phase, operation) {
    const { actor, step } = event;
    return {
        key: `${actor}/${step}/${phase}`,
        actor,
        step,
        phase,
        operation,
        rules: event.rules ?? [],
    };
}
function stepSide(event, step) {
    const fields = { status: ntStatusName(event.status) };
    // Absent where the call left the I/O status block alone, which is itself worth comparing (R-IO-1).
    fields['information'] =
        event.information === undefined ? '(not written)' : hex(event.information);
    if (event.iosb !== undefined) {
        fields['iosb'] =
            event.iosb === 'unchanged'
                ? 'unchanged'
                : `${ntStatusName(event.iosb.status)} ${hex(event.iosb.information)}`;
    }
    if (event.event !== undefined)
        fields['event'] = event.event;
    if (event.bytes !== undefined)
        Object.assign(fields, describeBytes(event.bytes, step));
    const information = event.information === undefined ? '' : ` ${hex(event.information)}`;
    return { text: `${fields['status']}${information}`, fields };
}
function completionSide(event) {
    const status = ntStatusName(event.status);
    const fields = {
        status,
        information: hex(event.information),
        immediate: event.immediate ? 'yes' : 'no',
        bytes: event.bytes,
    };
    const entries = event.entries?.map((one) => `${shortAction(one.action)} ${one.name}`).join(', ');
    if (entries !== undefined)
        fields['entries'] = entries;
    return { text: [status, hex(event.information), entries].filter(Boolean).join(' '), fields };
}
function callbackEntry(event) {
    const phase = event.kind === 'pre-operation' ? 'pre' : 'post';
    const fields = { flags: hex(event.flags), returned: event.returned };
    for (const [name, value] of Object.entries(event.parameters)) {
        fields[name] =
            typeof value === 'string' && value.startsWith('0x') ? 'an address' : String(value);
    }
    if (event.status !== undefined)
        fields['status'] = ntStatusName(event.status);
    if (event.information !== undefined)
        fields['information'] = hex(event.information);
    const actor = event.actor ?? '';
    const step = event.step ?? '';
    const operation = `${phase} ${event.filter} ${event.major}`;
    return {
        key: `${actor}/${step}/callback/${operation}`,
        actor,
        step,
        phase: 'callback',
        operation,
        side: { text: `${event.returned}${fields['status'] ? ` ${fields['status']}` : ''}`, fields },
        rules: event.rules ?? [],
    };
}
const hex = (value) => `0x${value.toString(16).toUpperCase()}`;
const shortAction = (action) => action.replace(/^FILE_ACTION_/, '');
