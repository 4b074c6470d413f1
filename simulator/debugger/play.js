import { simulate } from '../simulate.ts';
import { ParkSignal, Recorder } from './recorder.ts';
export async function play(subject, stopAt) {
    const recorder = new Recorder(stopAt);
    const { driver } = subject;
    try {
        const end = await simulate({
            ...subject,
            ...(driver === undefined ? {} : { driver: { ...driver, watcher: recorder } }),
            attach: (machine, io) => recorder.attach(machine, io),
            onEvent: (event) => recorder.event(event),
        });
        return { recorder, end };
    }
    catch (error) {
        // The boundary at which a stop becomes a result.
        if (error instanceof ParkSignal)
            return { recorder, end: null };
        throw error;
    }
}
