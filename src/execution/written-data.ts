import type { ExecutionResult } from 'graphql';

/**
 * The data of a result as the JSON text that is sent. It stands where graphql-js has a tree: a result is copied, and
 * written with `JSON.stringify`, as any other.
 */
export class WrittenData {
  [field: string]: unknown;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The same as a tree, made anew for each who asks. */
  toJSON(): NonNullable<ExecutionResult['data']> {
    return JSON.parse(this.text);
  }
}
