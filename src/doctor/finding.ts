/** What was found: all is well, something to know, or something to put right. */
export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** What is so, in plain words. Never a secret, and nothing that the vendor wrote. */
  readonly cause: string;
  /** What to do about it; undefined where all is well. */
  readonly remedy?: string;
  /** Who can do that. */
  readonly who?: string;
}

const OPERATOR = 'whoever runs this gateway';
const ACCOUNT = "whoever administers the account in Itnio's console";
const NETWORK = 'whoever runs the network that this machine is in';
const SERVER = 'whoever runs the server at the base URL: Itnio, or the proxy in between';
const VENDOR = "Itnio's support";

export const WHO = { OPERATOR, ACCOUNT, NETWORK, SERVER, VENDOR } as const;

export function ok(cause: string): Finding {
  return { severity: 'ok', cause };
}

export function warning(cause: string, remedy: string, who: string): Finding {
  return { severity: 'warning', cause, remedy, who };
}

export function fault(cause: string, remedy: string, who: string): Finding {
  return { severity: 'error', cause, remedy, who };
}
