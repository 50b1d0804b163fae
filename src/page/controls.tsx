import { useEffect, useState } from 'preact/hooks';
import type { App } from './queries.ts';
import type { View } from './use-phones.ts';

/** How long to wait for another letter before a search begins, in milliseconds. */
const SEARCH_DELAY_MS = 300;

interface ControlsProps {
  readonly view: View;
  readonly apps: readonly App[] | undefined;
  readonly onChange: (changes: Partial<View>) => void;
}

/** What is to be shown: of which app, which phones, in which order, how many at a time. */
export function Controls({ view, apps, onChange }: ControlsProps) {
  const { appId, group, isAccount } = view;
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <AppChoice view={view} apps={apps} onChange={onChange} />
      <SearchField key={`${appId} ${group}`} view={view} onChange={onChange} />
      <label>
        In
        <select
          value={String(isAccount)}
          onChange={(event) => onChange({ isAccount: event.currentTarget.value === 'true' })}
        >
          <option value="false">All fields</option>
          <option value="true">Account</option>
        </select>
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

function SearchField({ view, onChange }: Pick<ControlsProps, 'view' | 'onChange'>) {
  const { isAccount } = view;
  const [text, setText] = useState(view.text);

  useEffect(() => {
    // Half an account would be looked for in vain, at the vendor's expense: that waits for Enter.
    if (text === view.text || (isAccount && text !== '')) return undefined;
    const timer = setTimeout(() => onChange({ text }), SEARCH_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <label class="grow">
      Search
      <input
        type="search"
        value={text}
        maxLength={128}
        placeholder={isAccount ? 'The whole account, then Enter' : 'Any part of a phone'}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={() => isAccount && onChange({ text })}
      />
    </label>
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
          placeholder="App id, then Enter"
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
