import type { App } from '../domain/app.ts';
import { OF_PARENT_ALONE } from '../domain/parent-alone.ts';
import type { Phone } from '../domain/phone.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';

/** Says which type a node is of. Rows are never marked with their type: they are shared and may be frozen. */
export function getNodeType(node: App | Phone): 'App' | 'SipPhone' {
  return 'account' in node ? 'SipPhone' : 'App';
}

export const NodeRef = builder.interfaceRef<App | Phone>('Node').implement({
  description:
    'Anything that can be fetched again by its id alone, with `Query.node`. Clients such as Relay and Apollo use it to refresh and to cache what they hold.',
  resolveType: getNodeType,
  fields: (t) => ({
    id: t.id({
      description:
        'Identifies this object among all objects of this API. Opaque: store it and pass it back, never take it apart. It stays the same for as long as the object has its app and its account.',
      nullable: false,
      extensions: OF_PARENT_ALONE,
      resolve: (node) => encodeGlobalId(node.appId, 'account' in node ? node.account : undefined),
    }),
  }),
});
