import { useEffect, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
import { FailureNote } from './failure-note.tsx';
import { GROUPS, type Group } from './queries.ts';

interface Answer {
  readonly app: { readonly groups: readonly Group[] } | null;
}

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
  const [groups, setGroups] = useState<readonly Group[] | Failure>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    setGroups(undefined);
    if (!isOpen) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    ask<Answer>(GROUPS, { appId }, { token, signal }).then(
      ({ data }) => setGroups(data.app?.groups ?? []),
      (error) => {
        if (!signal.aborted) setGroups(error instanceof Failure ? error : new Failure('It cannot be read.'));
      },
    );
    return () => controller.abort();
  }, [appId, token, isOpen, tries]);

  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Groups</summary>
      {isOpen && groups === undefined && <p role="status">Reading the whole list …</p>}
      {groups instanceof Failure && <FailureNote failure={groups} onRetry={() => setTries(tries + 1)} />}
      {Array.isArray(groups) && groups.length === 0 && <p>There are none.</p>}
      {groups !== undefined && !(groups instanceof Failure) && groups.length > 0 && (
        <ul class="groups">
          {groups.map((group) => (
            <li key={group.name ?? ''}>
              <button type="button" aria-pressed={group.name === chosen} onClick={() => onChoose(group)}>
                {group.name ?? 'In no group'} <span class="count">{group.phoneCount}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
