import { useEffect, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
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
/** How long to wait for another letter before a search begins, in milliseconds. */
const SEARCH_DELAY_MS = 300;

const START: View = {
  appId: '',
  size: 20,
  after: undefined,
  before: undefined,
  text: '',
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

  return (
    <>
      <header>
        <h1>Itnio phones</h1>
        <a href="/graphql">GraphiQL</a>
      </header>
      <main aria-busy={shown.isLoading}>
        <Controls key={view.appId} view={view} apps={apps} onChange={change} />
        {(token !== '' || problem?.code === 'UNAUTHENTICATED' || problem?.code === 'FORBIDDEN') && (
          <TokenForm token={token} onKeep={keepToken} />
        )}
        {problem !== undefined && <FailureNote failure={problem} onRetry={retry} />}
        {notice !== undefined && <p role="status">{notice}</p>}
        {view.appId !== '' && failure === undefined && (
          <Groups
            appId={view.appId}
            token={token}
            onChoose={({ name }) => change({ group: name, text: '' })}
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

interface ControlsProps {
  readonly view: View;
  readonly apps: readonly App[] | undefined;
  readonly onChange: (changes: Partial<View>) => void;
}

function Controls({ view, apps, onChange }: ControlsProps) {
  const [text, setText] = useState(view.text);

  useEffect(() => {
    if (text === view.text) return undefined;
    const timer = setTimeout(() => onChange({ text }), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <AppChoice view={view} apps={apps} onChange={onChange} />
      <label class="grow">
        Search
        <input
          type="search"
          value={text}
          maxLength={128}
          placeholder="Account, name, group or number"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label>
        Order
        <select value={view.order} onChange={(event) => onChange({ order: event.currentTarget.value })}>
          <option value="">The vendor's</option>
          <option value="ACCOUNT ASC">Account</option>
          <option value="PHONE_NAME ASC">Name</option>
          <option value="PHONE_NAME DESC">Name, last first</option>
          <option value="GROUP_NAME ASC">Group</option>
          <option value="DISPLAY_NUM ASC">Number</option>
        </select>
      </label>
      <label>
        Rows
        <select
          value={String(view.size)}
          onChange={(event) => onChange({ size: Number(event.currentTarget.value) })}
        >
          <option>20</option>
          <option>50</option>
          <option>100</option>
        </select>
      </label>
    </form>
  );
}

/** A list of the apps that are served; where any is, a field for the id of one. */
function AppChoice({ view: { appId }, apps = [], onChange }: ControlsProps) {
  const choose = (id: string) => onChange({ appId: id, group: undefined, text: '' });
  if (apps.length === 0)
    return (
      <label>
        App
        <input
          type="text"
          value={appId}
          placeholder="App id"
          onChange={(event) => choose(event.currentTarget.value.trim())}
        />
      </label>
    );
  return (
    <label>
      App
      <select value={appId} onChange={(event) => choose(event.currentTarget.value)}>
        {apps.map(({ appId: id, name }) => (
          <option key={id} value={id}>
            {name === null ? id : `${name} (${id})`}
          </option>
        ))}
      </select>
    </label>
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
  const found = `${totalCount} ${totalCount === 1 ? 'phone' : 'phones'}${isPart ? ' found' : ''}`;
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
