import { ntStatusName } from '../../contract/windows/index.ts';
export function eventSummary(event) {
    const place = [event.actor, event.step].filter((one) => one !== undefined).join(' ');
    return `${place === '' ? (event.thread ?? '') : place}: ${whatOf(event)}`;
}
function whatOf(event) {
    switch (event.kind) {
        case 'step':
        case 'completion':
            return `${event.operation} ${event.kind === 'step' ? 'returned' : 'completed with'} ${ntStatusName(event.status)}`;
        case 'pre-operation':
            return `${event.filter} pre ${event.major} returned ${event.returned}`;
        case 'post-operation':
            return `${event.filter} post ${event.major} returned ${event.returned}`;
        case 'irp':
            return `IRP ${event.irp} ${event.phase} ${event.major}`;
        case 'driver-call':
            return `${event.module}!${event.routine} returned ${event.result}`;
        case 'driver':
            return `driver ${event.driver} ${event.phase} ${ntStatusName(event.status)}`;
        case 'finding':
            return `finding ${event.finding.id}`;
        default:
            return event.kind;
    }
}
