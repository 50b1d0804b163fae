import { useEffect, useState } from 'preact/hooks';
import { ask, type Cost, Failure } from './api.ts';
import { PHONES, type PhoneList } from './queries.ts';

/** What is to be shown of an app's phones. */
export interface View {
  readonly appId: string;
  readonly size: number;
  /** The cursor that the page comes after; undefined from the start. */
  readonly after: string | undefined;
  /** The cursor that the page comes before, instead. */
  readonly before: string | undefined;
  readonly text: string;
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

const NOTHING: Shown = { list: undefined, cost: undefined, failure: undefined, isLoading: false };

/**
 * Reads what a view shows. What is on the screen stays while it is read, and where reading fails.
 * @param tries counts up to read the same view again.
 */
export function usePhones(view: View, token: string, tries: number): Shown {
  const { appId, size, after, before, text, group, order } = view;
  const [shown, setShown] = useState(NOTHING);

  useEffect(() => {
    if (appId === '') {
      setShown(NOTHING);
      return undefined;
    }
    const controller = new AbortController();
    const { signal } = controller;
    setShown((shownBefore) => ({ ...shownBefore, isLoading: true }));
    ask<Answer>(PHONES, toVariables({ appId, size, after, before, text, group, order }), { token, signal })
      .then(({ data, cost }) => {
        if (data.app === null) throw new Failure('There is no such app here.');
        setShown({ list: data.app.phones, cost, failure: undefined, isLoading: false });
      })
      .catch((error) => {
        if (signal.aborted) return;
        const failure = error instanceof Failure ? error : new Failure('The answer cannot be read.');
        setShown((shownBefore) => ({ ...shownBefore, failure, isLoading: false }));
      });
    return () => controller.abort();
  }, [appId, size, after, before, text, group, order, token, tries]);

  return shown;
}

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
