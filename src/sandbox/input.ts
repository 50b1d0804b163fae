/** The control interface was given something it does not know. */
export class InputError extends TypeError {
  override readonly name = 'InputError';
}

/** A test of one value, and what it expects in words. */
export type Check = readonly [test: (value: unknown) => boolean, expected: string];

/**
 * Checks each key of an object against its rule.
 * @throws {InputError} that names every fault at once.
 */
export function assertInput(input: unknown, checks: Readonly<Record<string, Check>>): void {
  if (!isObject(input)) throw new InputError('expected a JSON object');
  const faults = Object.entries(input).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return [`${key}: unknown`];
    return check[0](value) ? [] : [`${key}: expected ${check[1]}`];
  });
  if (faults.length > 0) throw new InputError(faults.join('; '));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

/** A whole number from 0. */
export function isCount(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}

export function nullOr(test: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === null || test(value);
}
