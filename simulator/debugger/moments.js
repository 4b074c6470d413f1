export const positionText = ({ event, moments }) => `${event < 0 ? 'start' : event}:${moments.toString(16).toUpperCase()}`;
/** The moments that a simulation has gone through so far. */
export class MomentLog {
    moments = [];
    events = [];
    /** Moment of each event. */
    eventMoments = [];
    add(moment) {
        return this.moments.push(moment) - 1;
    }
    addEvent(event) {
        this.events.push(event);
        this.eventMoments.push(this.moments.length);
    }
    momentOfEvent(event) {
        return this.eventMoments[event];
    }
    positionOf(moment) {
        let [low, high] = [0, this.eventMoments.length];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.eventMoments[middle] <= moment)
                low = middle + 1;
            else
                high = middle;
        }
        const event = low - 1;
        return { event, moments: moment - (this.eventMoments[event] ?? 0) };
    }
}
