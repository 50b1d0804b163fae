import { useEffect, useState } from 'preact/hooks';
import { type Asked, ask, type Cost, Failure } from './api.ts';
import { PHONE, PHONES, type Phone, type PhoneList } from './queries.ts';

/** What is to be shown of an app's phones. */
export interface View {
  readonly appId: string;
  readonly size: number;
  /** The cursor that the page comes after; undefined from the start. */
  readonly after: string | undefined;
  /** The cursor that the page comes before, instead. */
  readonly before: string | undefined;
  readonly text: string;
  /** Whether the text is an account, rather than a part of anything. */
  readonly isAccount: boolean;
  /** Undefined for all groups, null for phones in none. */
  readonly group: string | null | undefined;
  /** Such as `PHONE_NAME ASC`; empty for the vendor's order. */
  readonly order: string;
}

export interface Shown {
  readonly list: PhoneList | undefined;
  readonly cost: Cost | undefined;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
}

interface Answer {
  readonly app: { readonly phones: PhoneList } | null;
}

interface OneAnswer {
  readonly app: { readonly phone: Phone | null } | null;
}

const NOTHING: Shown = { list: undefined, cost: undefined, failure: undefined, isLoading: false };

/**
 * Reads what a view shows. What is on the screen stays while it is read, and where reading fails.
 * @param tries counts up to read the same view again.
 */
export function usePhones(view: View, token: string, tries: number): Shown {
  const { appId, size, after, before, text, isAccount, group, order } = view;
  const isOne = isAccount && text !== '';
  const [shown, setShown] = useState(NOTHING);

  useEffect(() => {
    if (appId === '') {
      setShown(NOTHING);
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    setShown((shownBefore) => ({ ...shownBefore, isLoading: true }));
    const asked = isOne ? askForOne(view, token, signal) : askForPage(view, token, signal);
    asked
      .then(({ data: list, cost }) => setShown({ list, cost, failure: undefined, isLoading: false }))
      .catch((error) => {
        if (signal.aborted) return;
        const failure = error instanceof Failure ? error : new Failure('The answer cannot be read.');
        setShown((shownBefore) => ({ ...shownBefore, failure, isLoading: false }));
      });
    return () => controller.abort();
  }, [appId, size, after, before, text, isOne, group, order, token, tries]);

  return shown;
}

async function askForPage(view: View, token: string, signal: AbortSignal): Promise<Asked<PhoneList>> {
  const { data, cost } = await ask<Answer>(PHONES, toVariables(view), { token, signal });
  if (data.app === null) throw new Failure(NO_APP);
  return { data: data.app.phones, cost };
}

/** A list of the one phone that has an account, or of none. That takes no whole list. */
async function askForOne(
  { appId, text: account }: View,
  token: string,
  signal: AbortSignal,
): Promise<Asked<PhoneList>> {
  const { data, cost } = await ask<OneAnswer>(PHONE, { appId, account }, { token, signal });
  if (data.app === null) throw new Failure(NO_APP);
  const nodes = data.app.phone === null ? [] : [data.app.phone];
  return { data: { ...NO_PAGES, totalCount: nodes.length, nodes }, cost };
}

const NO_APP = 'There is no such app here.';

const NO_PAGES = {
  asOf: null,
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  pageCursors: { first: null, around: [], last: null },
} as const;

function toVariables({ appId, size, after, before, text, group, order }: View): object {
  const [field, direction] = order.split(' ');
  const groupName = group === undefined ? undefined : group === null ? { isNull: true } : { in: [group] };
  const hasFilter = text !== '' || group !== undefined;
  return {
    appId,
    ...(before === undefined ? { first: size, after } : { last: size, before }),
    ...(hasFilter ? { filter: { text: text === '' ? undefined : text, groupName } } : {}),
    ...(order === '' ? {} : { orderBy: { field, direction } }),
  };
}
