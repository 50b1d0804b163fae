/**
 * What has to be known of one endpoint of the vendor's API. They share method, signature and envelope; adding one is a
 * file with one of these and a method on the client.
 */
export interface Endpoint<Request, Answer> {
  /** Name in the log. */
  readonly name: string;
  /** Appended to the base URL; starts with a slash. */
  readonly path: string;
  /** Whether the vendor may meet the same call twice without harm. Only then is a lost answer asked for again. */
  readonly isRepeatable: boolean;
  /** The JSON body. The vendor does not sign it. */
  encode(request: Request): string;
  /**
   * Reads the envelope's `data`.
   * @throws {UpstreamBadResponseError} naming the place, never the value.
   */
  decode(data: unknown, request: Request): Answer;
  /** What the log may show of a request. Never a secret. */
  describe(request: Request): object;
}
