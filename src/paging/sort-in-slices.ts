/** Work that may be put off at each yield: whoever runs it lets others run in between. */
export type Slices<T> = Generator<undefined, T>;

/** Items of one slice: about a millisecond of sorting or matching. */
export const SLICE = 500;

/** Runs all slices one after the other. */
export function runAtOnce<T>(slices: Slices<T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}

/** Sorts numbers by merging, a slice at a time. Stable. */
export function* sortInSlices(
  items: Uint32Array,
  compare: (a: number, b: number) => number,
): Slices<Uint32Array> {
  for (let at = 0; at < items.length; at += SLICE) {
    items.subarray(at, at + SLICE).sort(compare);
    yield;
  }
  let from: Uint32Array = items;
  let to: Uint32Array = new Uint32Array(items.length);
  for (let width = SLICE; width < items.length; width *= 2) {
    for (let lo = 0; lo < items.length; lo += 2 * width) {
      const middle = Math.min(lo + width, items.length);
      const hi = Math.min(lo + 2 * width, items.length);
      yield* merge(from, to, lo, middle, hi, compare);
    }
    [from, to] = [to, from];
  }
  return from;
}

function* merge(
  from: Uint32Array,
  to: Uint32Array,
  lo: number,
  middle: number,
  hi: number,
  compare: (a: number, b: number) => number,
): Slices<void> {
  let left = lo;
  let right = middle;
  for (let at = lo; at < hi; at++) {
    const a = from[left] ?? 0;
    const b = from[right] ?? 0;
    const takesLeft = left < middle && (right >= hi || compare(a, b) <= 0);
    to[at] = takesLeft ? a : b;
    if (takesLeft) left++;
    else right++;
    if (at % (4 * SLICE) === 0) yield;
  }
}
