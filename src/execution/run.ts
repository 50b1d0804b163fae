import {
  type FieldNode,
  type GraphQLError,
  type GraphQLResolveInfo,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import type { Bounds } from '../domain/bounds.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import { AnswerTooLargeError, ClientGoneError, DeadlineExceededError } from '../errors/request-errors.ts';
import type { Variables } from './arguments.ts';
import type { Dated } from './deadlines.ts';
import type { Path } from './path.ts';
import type { PlannedField, PlannedOperation } from './planned-field.ts';
import type { Turns } from './turns.ts';

/** What one answer may take, whatever the document promised. */
export interface Walls {
  readonly objects: number;
  /** UTF-8, in bytes. */
  readonly bytes: number;
}

/** What a request brings to the execution of an operation. */
export interface RunOptions {
  readonly plan: PlannedOperation;
  readonly variables: Variables;
  readonly context: unknown;
  readonly rootValue: unknown;
  readonly walls: Walls;
  readonly turns: Turns;
  readonly bounds: Bounds;
}

/** The execution of an operation for one request. */
export class Run implements Dated {
  readonly plan: PlannedOperation;
  readonly variables: Variables;
  readonly context: unknown;
  readonly rootValue: unknown;
  readonly turns: Turns;
  readonly errors: GraphQLError[] = [];
  /** Why it has been ended before its end; whatever goes on then is thrown away. */
  stopped: GatewayError | undefined;
  /** Called when it is stopped. */
  onStop: (() => void) | undefined;
  place: number | undefined;
  readonly #walls: Walls;
  readonly #bounds: Bounds;
  /** Where an error stands that has made a value null; undefined is the whole of the data. */
  #nulled: Set<Path | undefined> | undefined;
  #objects = 0;
  #characters = 0;

  constructor(options: RunOptions) {
    this.plan = options.plan;
    this.variables = options.variables;
    this.context = options.context;
    this.rootValue = options.rootValue;
    this.turns = options.turns;
    this.#walls = options.walls;
    this.#bounds = options.bounds;
  }

  get deadlineAt(): number {
    return this.#bounds.deadlineAt;
  }

  end(): void {
    this.stop(new DeadlineExceededError());
  }

  /** Resolves when it is this execution's turn again, if it is still wanted then. */
  async takeTurn(): Promise<void> {
    await this.turns.next();
    if (this.#bounds.signal?.aborted) this.stop(new ClientGoneError());
    this.assertGoesOn();
  }

  stop(reason: GatewayError): void {
    this.stopped ??= reason;
    this.onStop?.();
  }

  /**
   * @param characters that will stand around the values of its fields.
   * @throws {GatewayError} once the execution has been stopped, or when it is one object too many.
   */
  countObject(characters: number): void {
    this.countKept(1, characters);
  }

  /** The same for objects whose text is there. */
  countKept(objects: number, characters: number): void {
    this.#characters += characters;
    this.#objects += objects;
    if (this.#objects > this.#walls.objects)
      this.stop(new AnswerTooLargeError(this.#walls.objects, 'objects'));
    this.assertGoesOn();
  }

  /** Every character of JSON takes a byte at least. {@link assertGoesOn} is what finds too many. */
  countCharacters(characters: number): void {
    this.#characters += characters;
  }

  assertGoesOn(): void {
    if (this.#characters > this.#walls.bytes) this.#stopAtBytes();
    if (this.stopped !== undefined) throw this.stopped;
  }

  /** Stops at a text that is longer in UTF-8 than it is in characters. */
  checkBytes(text: string): void {
    const { bytes } = this.#walls;
    // Three bytes a character at most: most answers need not be looked at.
    if (text.length * 3 > bytes && Buffer.byteLength(text) > bytes) this.#stopAtBytes();
  }

  #stopAtBytes(): void {
    this.stop(new AnswerTooLargeError(this.#walls.bytes, 'bytes'));
  }

  /**
   * Makes null of a value that could not be completed, with its error beside, where null is allowed.
   * @throws {GraphQLError} with its place, where it is not.
   */
  fail(thrown: unknown, nodes: readonly FieldNode[], path: Path, isNonNull: boolean): null {
    if (this.stopped !== undefined) throw this.stopped;
    const error = locatedError(thrown, nodes, responsePathAsArray(path));
    if (isNonNull) throw error;
    this.addError(error, path);
    return null;
  }

  /** Keeps an error, unless what it happened in is null already because of another. */
  addError(error: GraphQLError, path: Path | undefined): void {
    this.#nulled ??= new Set();
    for (let above = path; above !== undefined; above = above.prev) if (this.#nulled.has(above)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.errors.push(error);
  }

  /** @param path of the field. */
  createInfo({ name, nodes, definition, parent }: PlannedField, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.plan;
    return {
      fieldName: name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType: parent,
      path,
      schema,
      fragments,
      rootValue: this.rootValue,
      operation,
      variableValues: this.variables,
    };
  }
}
