import { useEffect, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
import { FailureNote } from './failure-note.tsx';
import { GROUPS, type Group } from './queries.ts';

interface Listed {
  readonly groups: readonly Group[];
  readonly phones: { readonly totalCount: number };
}

interface Answer {
  readonly app: Listed | null;
}

const NONE: Listed = { groups: [], phones: { totalCount: 0 } };

interface Props {
  readonly appId: string;
  readonly token: string;
  /** The name of the one that is shown; undefined for all. */
  readonly chosen: string | null | undefined;
  readonly onChoose: (group: Group) => void;
}

/** The groups of an app, with their counts. Read when it is opened: that takes the whole list. */
export function Groups({ appId, token, chosen, onChoose }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [listed, setListed] = useState<Listed | Failure>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    setListed(undefined);
    if (!isOpen) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    ask<Answer>(GROUPS, { appId }, { token, signal }).then(
      ({ data }) => setListed(data.app ?? NONE),
      (error) => {
        if (!signal.aborted) setListed(error instanceof Failure ? error : new Failure('It cannot be read.'));
      },
    );
    return () => controller.abort();
  }, [appId, token, isOpen, tries]);

  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Groups</summary>
      {isOpen && listed === undefined && <p role="status">Reading the whole list …</p>}
      {listed instanceof Failure && <FailureNote failure={listed} onRetry={() => setTries(tries + 1)} />}
      {listed !== undefined && !(listed instanceof Failure) && (
        <GroupList listed={listed} chosen={chosen} onChoose={onChoose} />
      )}
    </details>
  );
}

function GroupList({ listed, chosen, onChoose }: Pick<Props, 'chosen' | 'onChoose'> & { listed: Listed }) {
  const { groups, phones } = listed;
  const further = groups.reduce((left, { phoneCount }) => left - phoneCount, phones.totalCount);
  if (groups.length === 0) return <p>There are none.</p>;
  return (
    <>
      {further > 0 && (
        <p>
          These are the first {groups.length} groups by name. There are more, with {further}{' '}
          {further === 1 ? 'phone' : 'phones'}: the search finds them.
        </p>
      )}
      <ul class="groups">
        {groups.map((group) => (
          <li key={group.name ?? ''}>
            <button type="button" aria-pressed={group.name === chosen} onClick={() => onChoose(group)}>
              {group.name ?? 'In no group'} <span class="count">{group.phoneCount}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
