/** What a global id stands for. */
export type GlobalKey =
  | { readonly type: 'App'; readonly appId: string }
  | { readonly type: 'SipPhone'; readonly appId: string; readonly account: string };

/**
 * Makes the opaque id of an app, or with an account of a phone: base64url of its type, the length of the app id, and
 * app id and account in one, so that any character in either survives. An id depends on nothing else.
 */
export function encodeGlobalId(appId: string, account?: string): string {
  const type = account === undefined ? 'App' : 'SipPhone';
  return Buffer.from(`${type}:${appId.length}:${appId}${account ?? ''}`).toString('base64url');
}

/** Reads an id that {@link encodeGlobalId} made, letter by letter the same; undefined for anything else. */
export function decodeGlobalId(id: string): GlobalKey | undefined {
  const text = Buffer.from(id, 'base64url').toString();
  const [head, type, appIdLength] = /^(App|SipPhone):(\d+):/.exec(text) ?? [];
  if (head === undefined) return undefined;

  const accountStart = head.length + Number(appIdLength);
  const appId = text.slice(head.length, accountStart);
  const account = text.slice(accountStart);
  if (type === 'App') return encodeGlobalId(appId) === id ? { type, appId } : undefined;
  return encodeGlobalId(appId, account) === id ? { type: 'SipPhone', appId, account } : undefined;
}
