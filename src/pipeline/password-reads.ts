import { PASSWORD_OUTCOMES, type PasswordAudit, type PasswordOutcome } from '../context.ts';
import type { Caller } from '../domain/caller.ts';
import type { Phone } from '../domain/phone.ts';
import type { PasswordLimits } from './password-limits.ts';

/** What one request has asked for of one app, each account once, sorted. */
export interface AppPasswordReads extends Readonly<Record<PasswordOutcome, readonly string[]>> {
  readonly appId: string;
  /** All of them. */
  readonly accounts: readonly string[];
}

/** The passwords that one request has asked for, by app. */
export class PasswordReads implements PasswordAudit {
  readonly caller: Caller;
  readonly #limits: PasswordLimits;
  readonly #outcomes = new Map<string, Map<string, PasswordOutcome>>();

  constructor(caller: Caller, limits: PasswordLimits) {
    this.caller = caller;
    this.#limits = limits;
  }

  note({ appId, account }: Pick<Phone, 'appId' | 'account'>, outcome: PasswordOutcome): void {
    const outcomes = this.#outcomes.get(appId) ?? new Map<string, PasswordOutcome>();
    this.#outcomes.set(appId, outcomes);
    const before = outcomes.get(account);
    if (before === undefined || PASSWORD_OUTCOMES.indexOf(before) < PASSWORD_OUTCOMES.indexOf(outcome))
      outcomes.set(account, outcome);
  }

  takeOne(): () => void {
    return this.#limits.takeOne(this.caller);
  }

  list(): AppPasswordReads[] {
    return [...this.#outcomes].map(([appId, outcomes]) => {
      const accounts = [...outcomes.keys()].sort();
      const pick = (outcome: PasswordOutcome) =>
        accounts.filter((account) => outcomes.get(account) === outcome);
      return { appId, accounts, read: pick('read'), failed: pick('failed'), refused: pick('refused') };
    });
  }
}
