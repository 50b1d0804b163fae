import type { App } from './domain/app.ts';
import type { Caller } from './domain/caller.ts';
import type { Phones } from './phones/phones.ts';

/** The apps that a caller may see. */
export interface VisibleApps {
  /** In the order of the configuration; empty when any app id is passed on. */
  list(): readonly App[];
  /** The app of a well-formed id, or undefined when it is not served to this caller. */
  find(appId: string): App | undefined;
}

/** What one request carries to its resolvers. */
export interface GatewayContext {
  readonly requestId: string;
  readonly caller: Caller;
  readonly apps: VisibleApps;
  readonly phones: Phones;
  /** Notes that the password of a phone was read; the record is written before the answer leaves. */
  readonly audit: PasswordAudit;
}

export interface PasswordAudit {
  recordPasswordRead(appId: string, account: string): void;
}
