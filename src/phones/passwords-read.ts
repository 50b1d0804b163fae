import type { Secret } from '../domain/secret.ts';
import type { SipPage } from '../itnio/sip-page.ts';

/** The passwords that came with the pages which one request has read. They go when the request goes. */
export interface PasswordsRead {
  add(page: SipPage): void;
  /** Null when the vendor sent none; undefined when the phone was not on any page. The latest page counts. */
  find(account: string): Secret | null | undefined;
}

export function createPasswordsRead(): PasswordsRead {
  const pages: SipPage[] = [];
  return {
    add(page) {
      pages.push(page);
    },
    find(account) {
      for (const { phones, passwords } of pages.toReversed()) {
        const index = phones.findIndex((phone) => phone.account === account);
        if (index >= 0) return passwords[index];
      }
      return undefined;
    },
  };
}
