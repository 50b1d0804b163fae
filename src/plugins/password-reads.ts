import type { PasswordAudit } from '../context.ts';

/** The passwords that one request has read, by app. */
export class PasswordReads implements PasswordAudit {
  readonly #accounts = new Map<string, Set<string>>();

  recordPasswordRead(appId: string, account: string): void {
    const accounts = this.#accounts.get(appId);
    if (accounts === undefined) this.#accounts.set(appId, new Set([account]));
    else accounts.add(account);
  }

  /** One entry an app; accounts sorted, each once. */
  list(): { readonly appId: string; readonly accounts: readonly string[] }[] {
    return [...this.#accounts].map(([appId, accounts]) => ({ appId, accounts: [...accounts].sort() }));
  }
}
