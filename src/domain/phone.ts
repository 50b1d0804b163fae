/**
 * A SIP phone as the vendor lists it, without its password: a row may be kept and shared, a password may not.
 * A text that the vendor leaves out, sets to null or to `""` is null here.
 */
export interface Phone {
  /** The app that was asked; the vendor's records do not carry it. */
  readonly appId: string;
  /** The SIP login, unique within its app. Never empty. */
  readonly account: string;
  readonly phoneName: string | null;
  readonly groupName: string | null;
  readonly displayNum: string | null;
}
