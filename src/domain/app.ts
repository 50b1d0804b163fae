/** A voice application of the vendor. The vendor has no call that lists them: they come from configuration. */
export interface App {
  readonly appId: string;
  /** What the operator calls it in the configuration; null when it was given none. */
  readonly name: string | null;
}
