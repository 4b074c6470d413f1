// One watched simulation, up to where it is stopped or ends by itself.
import type { Prediction } from '../../contract/prediction.ts';
import { simulate, type SimulationInput } from '../simulate.ts';
import { ParkSignal, Recorder, type StopAt } from './recorder.ts';

/** What is simulated again and again; `driver` is a debug build. */
export type Subject = Omit<SimulationInput, 'onEvent' | 'attach'>;

/** A simulation that stands still: everything in it can be looked at, nothing goes on. */
export interface Still {
  readonly recorder: Recorder;
  /** How it ended; null where it was stopped before. */
  readonly end: Prediction | null;
}

export async function play(subject: Subject, stopAt: StopAt): Promise<Still> {
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
  } catch (error) {
    // The boundary at which a stop becomes a result.
    if (error instanceof ParkSignal) return { recorder, end: null };
    throw error;
  }
}
