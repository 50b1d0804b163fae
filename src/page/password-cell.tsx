import { useEffect, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
import { PASSWORD } from './queries.ts';

/** How long a password stays on the screen, in milliseconds. */
const SHOWN_MS = 20_000;

type State =
  | { readonly kind: 'hidden' }
  | { readonly kind: 'asked' }
  | { readonly kind: 'shown'; readonly password: string }
  | { readonly kind: 'failed'; readonly message: string };

interface Answer {
  readonly app: { readonly phone: { readonly password: string | null } | null } | null;
}

function describe(error: unknown): string {
  if (!(error instanceof Failure)) return 'It cannot be read.';
  // The field is not in a graph that was set up without passwords.
  return error.code === 'GRAPHQL_VALIDATION_FAILED' ? 'This gateway shows no passwords.' : error.message;
}

/** Reads a password when someone asks for it, which is put on record, and hides it again. */
export function PasswordCell({ appId, account, token }: { appId: string; account: string; token: string }) {
  const [state, setState] = useState<State>({ kind: 'hidden' });

  useEffect(() => {
    if (state.kind !== 'shown') return undefined;
    const timer = setTimeout(() => setState({ kind: 'hidden' }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  async function reveal(): Promise<void> {
    setState({ kind: 'asked' });
    try {
      const { data } = await ask<Answer>(PASSWORD, { appId, account }, { token });
      const password = data.app?.phone?.password;
      setState(password == null ? { kind: 'failed', message: 'It has none.' } : { kind: 'shown', password });
    } catch (error) {
      setState({ kind: 'failed', message: describe(error) });
    }
  }

  if (state.kind === 'shown')
    return (
      <span class="password">
        <code>{state.password}</code>
        <button
          type="button"
          aria-label={`Hide the password of ${account}`}
          onClick={() => setState({ kind: 'hidden' })}
        >
          Hide
        </button>
      </span>
    );
  return (
    <span class="password">
      <button
        type="button"
        aria-label={`Show the password of ${account}`}
        disabled={state.kind === 'asked'}
        onClick={() => void reveal()}
      >
        Show
      </button>
      {state.kind === 'failed' && <span role="alert">{state.message}</span>}
    </span>
  );
}
