// What a piece of the model gives back at once, unless a thread had to wait for it. Most requests never
// wait, so the hot paths go on in the same breath and make a promise only where somebody blocks.

export type MaybeLater<Value> = Value | Promise<Value>;

export const isLater = <Value>(value: MaybeLater<Value>): value is Promise<Value> =>
  value instanceof Promise;

/** Goes on with what comes out of `value`: now if it is there, else when it comes. */
export function andThen<Value, Result>(
  value: MaybeLater<Value>,
  next: (value: Value) => MaybeLater<Result>,
): MaybeLater<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
