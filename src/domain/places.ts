/**
 * Holds values for a moment, in something that lives long. A `Set` or a `Map` would not do: each time it grows or shrinks, V8 gives it
 * a new table and leaves the old one behind in the old generation; whatever stood in that one then stays in memory, with all that it can
 * reach, until the next full collection. Here a value stands at a number, and its place is cleared.
 * @see docs/decisions/081-nothing-of-a-request-grows-old.md
 */
export class Places<Value extends object> {
  readonly #values: (Value | undefined)[] = [];
  readonly #free: number[] = [];

  get count(): number {
    return this.#values.length - this.#free.length;
  }

  /** @returns the place, from 0. It is another's once the value was removed. */
  add(value: Value): number {
    const place = this.#free.pop() ?? this.#values.length;
    this.#values[place] = value;
    return place;
  }

  get(place: number): Value | undefined {
    return this.#values[place];
  }

  /** Harmless where another value stands there, or none. */
  remove(place: number, value: Value): void {
    if (this.#values[place] !== value) return;
    this.#values[place] = undefined;
    this.#free.push(place);
  }

  /** In no order. A value that is removed meanwhile is left out. */
  *[Symbol.iterator](): Generator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }
}

/** A map by text for such values. What its table leaves behind are texts and numbers. */
export class BriefMap<Value extends object> {
  readonly #values = new Places<Value>();
  readonly #places = new Map<string, number>();

  get(key: string): Value | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values.get(place);
  }

  set(key: string, value: Value): void {
    this.delete(key);
    this.#places.set(key, this.#values.add(value));
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    const value = place === undefined ? undefined : this.#values.get(place);
    if (place === undefined || value === undefined) return;
    this.#values.remove(place, value);
    this.#places.delete(key);
  }
}
