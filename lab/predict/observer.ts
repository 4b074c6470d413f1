// The observer beside a driver under test: where it stands, and its image. The same two places are used
// for a prediction and for a run, so that both see the same layers.
import { compareAltitudes } from '../../contract/altitude.ts';
import type { SampleManifest } from '../../contract/sample.ts';
import { loadSample, type Sample } from '../samples/samples.ts';

export const OBSERVER = 'observer';

let loaded: Promise<Sample> | null = null;

/** driver-samples/observer. */
export function observerSample(): Promise<Sample> {
  loaded ??= loadSample(OBSERVER);
  return loaded;
}

type Instances = SampleManifest['instances'];

/**
 * The observer's instances, above and below every instance of the driver. Its own altitudes where the
 * driver stands between them; else the next whole altitude above or below.
 */
export function instancesAround(observer: Instances, driver: Instances): Instances {
  const ascending = driver.map(({ altitude }) => altitude).sort(compareAltitudes);
  const lowest = ascending[0];
  const highest = ascending.at(-1);
  const [upper, lower] = observer;
  if (lowest === undefined || highest === undefined || upper === undefined || lower === undefined) {
    throw new RangeError('a driver has an instance, and the observer has two');
  }
  const whole = (altitude: string): bigint => BigInt(altitude.split('.')[0] ?? altitude);
  return [
    compareAltitudes(upper.altitude, highest) > 0
      ? upper
      : { ...upper, altitude: String(whole(highest) + 1n) },
    compareAltitudes(lower.altitude, lowest) < 0
      ? lower
      : { ...lower, altitude: String(whole(lowest) - (lowest.includes('.') ? 0n : 1n)) },
  ];
}
