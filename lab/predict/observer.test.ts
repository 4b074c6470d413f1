import { expect, test } from 'vitest';
import { instancesAround } from './observer.ts';

const at = (...altitudes: readonly string[]) =>
  altitudes.map((altitude) => ({ name: `at ${altitude}`, altitude, flags: 0 }));

test.each([
  ['between the two', ['370030'], ['389980', '360020']],
  ['in several places between', ['385100', '370010'], ['389980', '360020']],
  ['above', ['420010', '370010'], ['420011', '360020']],
  ['below', ['180230'], ['389980', '180229']],
  ['on both sides', ['420010.5', '141000.25'], ['420011', '141000']],
  ['at the same altitude', ['389980', '360020'], ['389981', '360019']],
])('the observer stands around a driver that is %s', (_where, driver, expected) => {
  const around = instancesAround(at('389980', '360020'), at(...driver));
  expect(around.map(({ altitude }) => altitude)).toEqual(expected);
  expect(around.map(({ name }) => name)).toEqual(['at 389980', 'at 360020']);
});
