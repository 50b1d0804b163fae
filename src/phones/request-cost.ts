import type { Cost } from '../domain/cost.ts';
import type { SipPage } from '../itnio/sip-page.ts';
import type { CallWatcher } from '../lists/page-source.ts';

/** The cost of one request while it is being written. */
export class RequestCost implements Cost, CallWatcher {
  calls = 0;
  rowsRead = 0;
  rowsUsed = 0;
  rowsKept = 0;
  shared = 0;
  driftRepairs = 0;

  onCall(isShared: boolean): void {
    this.calls++;
    if (isShared) this.shared++;
  }

  onAnswer(page: SipPage): void {
    this.rowsRead += page.phones.length;
  }
}
