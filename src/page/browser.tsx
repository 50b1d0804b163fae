import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
import { Controls } from './controls.tsx';
import { toCsv } from './csv.ts';
import { FailureNote } from './failure-note.tsx';
import { adviseOn } from './failure-text.ts';
import { Groups } from './groups.tsx';
import { PageBar } from './page-bar.tsx';
import { PhoneTable } from './phone-table.tsx';
import { APPS, type App, type PhoneList } from './queries.ts';
import { usePhones, type View } from './use-phones.ts';

/** Where the token is kept: in this tab, until it is closed. */
const TOKEN_KEY = 'itnio-gateway-token';

const START: View = {
  appId: '',
  size: 20,
  after: undefined,
  before: undefined,
  text: '',
  isAccount: false,
  group: undefined,
  order: '',
};

export function Browser() {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN_KEY) ?? '');
  const [apps, setApps] = useState<readonly App[] | undefined>();
  const [failure, setFailure] = useState<Failure>();
  const [view, setView] = useState(START);
  const [tries, setTries] = useState(0);
  const [notice, setNotice] = useState<string>();
  const shown = usePhones(view, token, tries);

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    ask<{ readonly apps: readonly App[] }>(APPS, {}, { token, signal }).then(
      ({ data }) => {
        setFailure(undefined);
        setApps(data.apps);
        setView((before) => (before.appId === '' ? { ...before, appId: data.apps[0]?.appId ?? '' } : before));
      },
      (error) => {
        if (!signal.aborted && error instanceof Failure) setFailure(error);
      },
    );
    return () => controller.abort();
  }, [token, tries]);

  useEffect(() => {
    // The list has changed under the page that was asked for: it is shown from its start.
    if (shown.failure?.code !== 'CURSOR_EXPIRED') return;
    setNotice(adviseOn(shown.failure));
    setView({ ...view, after: undefined, before: undefined });
  }, [shown.failure]);

  /** A change of what is shown begins at its first page. */
  const change = (changes: Partial<View>) => {
    setNotice(undefined);
    setView((before) => ({ ...before, after: undefined, before: undefined, ...changes }));
  };
  const retry = () => setTries(tries + 1);
  const keepToken = (text: string) => {
    sessionStorage.setItem(TOKEN_KEY, text);
    setToken(text);
  };
  const problem = failure ?? (shown.failure?.code === 'CURSOR_EXPIRED' ? undefined : shown.failure);
  const isKnown = failure?.code !== 'UNAUTHENTICATED';

  // Who pages on stands at the end of the list, and would see neither its new start nor why it stays as it is.
  const messages = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const top = messages.current?.getBoundingClientRect().top ?? 0;
    if (top < 0) messages.current?.scrollIntoView();
  }, [shown.list, problem, notice]);

  return (
    <>
      <header>
        <h1>Itnio phones</h1>
        <a href="/graphql">GraphiQL</a>
      </header>
      <main aria-busy={shown.isLoading}>
        {isKnown && <Controls view={view} apps={apps} onChange={change} />}
        {(token !== '' || problem?.code === 'UNAUTHENTICATED' || problem?.code === 'FORBIDDEN') && (
          <TokenForm token={token} onKeep={keepToken} />
        )}
        {view.appId !== '' && failure === undefined && (
          <Groups
            appId={view.appId}
            token={token}
            chosen={view.group}
            onChoose={({ name }) => change({ group: name, text: '', isAccount: false })}
          />
        )}
        {view.group !== undefined && (
          <p>
            Group: <strong>{view.group ?? 'none'}</strong>{' '}
            <button type="button" onClick={() => change({ group: undefined })}>
              Show all groups
            </button>
          </p>
        )}
        <div ref={messages} class="messages">
          {problem !== undefined && <FailureNote failure={problem} onRetry={retry} />}
          {notice !== undefined && (
            <p role="status" class="notice">
              {notice}
            </p>
          )}
          {shown.isLoading && shown.list === undefined && <p role="status">Reading …</p>}
        </div>
        {shown.list !== undefined && (
          <>
            <Summary list={shown.list} view={view} />
            {shown.list.nodes.length > 0 && (
              <PhoneTable appId={view.appId} token={token} phones={shown.list.nodes} />
            )}
            <PageBar list={shown.list} onGo={change} />
          </>
        )}
      </main>
      <footer>
        {shown.cost !== undefined &&
          `This view took ${shown.cost.calls} ${shown.cost.calls === 1 ? 'call' : 'calls'} to the vendor and ${shown.cost.rowsRead} rows; ${shown.cost.rowsKept} rows were kept from before.`}
      </footer>
    </>
  );
}

function TokenForm({ token, onKeep }: { token: string; onKeep: (token: string) => void }) {
  const [text, setText] = useState(token);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onKeep(text.trim());
      }}
    >
      <label class="grow">
        Token, kept in this tab only
        <input
          type="password"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}

function Summary({ list, view }: { list: PhoneList; view: View }) {
  const { totalCount, asOf, nodes } = list;
  const isPart = view.text !== '' || view.group !== undefined;
  const found =
    totalCount === 0
      ? isPart
        ? 'No phone fits'
        : 'This app has no phones'
      : `${totalCount} ${totalCount === 1 ? 'phone' : 'phones'}${isPart ? ' found' : ''}`;
  const moment = asOf === null ? '' : `, as of ${new Date(asOf).toLocaleTimeString()}`;
  return (
    <div class="bar">
      <p role="status">
        {found}
        {moment}
      </p>
      {nodes.length > 0 && (
        <button type="button" onClick={() => download(toCsv(nodes), `${view.appId}.csv`)}>
          Download these {nodes.length} as CSV
        </button>
      )}
    </div>
  );
}

function download(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
