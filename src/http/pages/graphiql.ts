import type { Config } from '../../config/config.ts';
import { createExampleTabs, type ExampleTab, SANDBOX_APP_ID } from './graphiql-tabs.ts';
import type { StaticPage } from './static-page.ts';

export type GraphiQLOptions = Pick<Config, 'upstream' | 'callers' | 'anonymousScopes' | 'passwords'>;

/** GraphiQL out of the package, nothing from the internet, opened on the example queries. */
export function createGraphiQLPage(options: GraphiQLOptions): StaticPage {
  return {
    async render(): Promise<string> {
      // 9 MB of text, which neither a start nor a gateway without visitors should pay for. Built, it is read from a file.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      const tabs = createExampleTabs({ appId: findAppId(options), passwords: options.passwords });
      const html = await renderGraphiQL({
        title: 'Itnio voice',
        defaultTabs: tabs.map((tab) => ({
          query: tab.query,
          ...(tab.variables === undefined ? {} : { variables: printVariables(tab) }),
        })),
        // Whoever may not ask without a token is shown where it goes.
        ...(options.anonymousScopes === undefined ? { headers: HEADERS } : {}),
        shouldPersistHeaders: false,
      });
      return openTabs(html, tabs);
    },
    /** The editor writes its styles into the page, and runs its workers out of texts in it. */
    contentSecurityPolicy: [
      "default-src 'none'",
      "base-uri 'none'",
      "connect-src 'self'",
      'font-src data:',
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "style-src 'unsafe-inline'",
      'worker-src blob:',
    ],
  };
}

const HEADERS = JSON.stringify({ Authorization: 'Bearer YOUR-TOKEN' }, null, 2);

function findAppId({ upstream }: GraphiQLOptions): string {
  if (upstream === undefined) return SANDBOX_APP_ID;
  const [first] = upstream.apps === 'any' ? [] : upstream.apps;
  return first?.appId ?? 'YOUR-APP-ID';
}

function printVariables({ variables }: ExampleTab): string | null {
  return variables === undefined ? null : JSON.stringify(variables, null, 2);
}

/** A tab that is pressed jumps to where its entry began, and so the click ends beside it. */
const STYLE = '<style>.graphiql-tab { transform: none !important; }</style>';

/**
 * Lets GraphiQL find its tabs where it finds them at a second visit: at a first one it forgets the variables of the first.
 * @see https://github.com/graphql/graphiql/issues/3392
 */
function openTabs(html: string, tabs: readonly ExampleTab[]): string {
  const state = {
    activeTabIndex: 0,
    tabs: tabs.map((tab, index) => {
      const name = /query (\w+)/.exec(tab.query)?.[1] ?? '';
      return {
        id: `example-${index}`,
        title: name,
        operationName: name,
        query: tab.query,
        variables: printVariables(tab),
        headers: null,
        response: null,
      };
    }),
  };
  const [first] = state.tabs;
  const stored = {
    'graphiql:tabState': JSON.stringify(state),
    'graphiql:query': first?.query,
    'graphiql:variables': first?.variables,
  };
  const text = JSON.stringify(stored).replaceAll('<', '\\u003c');
  const script = `<script>if (localStorage.getItem('graphiql:tabState') === null) Object.assign(localStorage, ${text});</script>`;
  const root = '<div id="root">';
  if (!html.includes(root)) throw new TypeError('GraphiQL has another page than the one that is known.');
  return html.replace(root, () => STYLE + script + root);
}
