// What names mean to the evaluators where the machine stands.
import type { Display } from '../display.ts';
import type { ShownFrame } from '../stackView.ts';
import type { DriverTypes, Variable } from '../types/driverTypes.ts';
import type { Type } from '../types/type.ts';

export interface Scope {
  readonly display: Display;
  /** The frame whose variables are meant; null where the driver is not on the stack's top. */
  readonly frame: ShownFrame | null;
  readonly driverTypes: DriverTypes | null;
  /** "@$thread" and its like, in lower case without the "@$". */
  readonly pseudo: ReadonlyMap<string, number>;
}

export interface PlacedVariable {
  readonly name: string;
  readonly type: Type;
  readonly address: number;
}

export const placed = ({ name, type, place }: Variable, base: number): PlacedVariable => ({
  name,
  type,
  address: place.kind === 'frame' ? base + place.value : place.value,
});

/** A variable of the frame, or else a global of the driver ("Globals", "dirnotify!Globals"). */
export function findVariable(scope: Scope, text: string): PlacedVariable | undefined {
  const name = text.includes('!') ? text.slice(text.indexOf('!') + 1) : text;
  const { driver } = scope.frame ?? { driver: null };
  // The innermost block's variable comes last.
  const local = text.includes('!')
    ? undefined
    : driver?.variables.findLast((one) => one.name === name);
  if (local !== undefined && driver !== null) return placed(local, driver.base);
  const global = scope.driverTypes?.globals.find((one) => one.name === name);
  return global === undefined ? undefined : placed(global, 0);
}
