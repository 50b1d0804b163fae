/** A voice application of the vendor. The vendor has no call that lists them: they come from configuration. */
export interface App {
  readonly appId: string;
  /** What the operator calls it in the configuration; null when it was given none. */
  readonly name: string | null;
}

/** The apps that are served, or 'any' when every well-formed app id is passed on. */
export type ServedApps = readonly App[] | 'any';

/** The apps that a caller may see. */
export interface VisibleApps {
  /** In the order of the configuration; empty when any app id is passed on. */
  list(): readonly App[];
  /** The app of a well-formed id, or undefined when it is not served to this caller. */
  find(appId: string): App | undefined;
}
