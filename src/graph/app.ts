import type { GatewayContext } from '../context.ts';
import type { App } from '../domain/app.ts';
import { assertAppId } from './argument.ts';
import { builder } from './builder.ts';
import { NodeRef } from './node.ts';

/**
 * Finds an app that is served to the caller, without a vendor call.
 * @throws {BadUserInputError} when the text cannot be an app id.
 */
export function findApp(context: GatewayContext, appId: string, argument = 'appId'): App | undefined {
  assertAppId(argument, appId);
  return context.apps.find(appId);
}

export const AppRef = builder.objectRef<App>('App').implement({
  description:
    "A voice application at Itnio: the owner of a list of SIP phones. Apps are made in the vendor's console; this API serves those that its operator has configured.",
  interfaces: [NodeRef],
  directives: [
    { name: 'key', args: { fields: 'id' } },
    { name: 'key', args: { fields: 'appId' } },
  ],
  fields: (t) => ({
    appId: t.exposeID('appId', {
      description: "The app's id at the vendor, as its console shows it.",
      nullable: false,
    }),
    name: t.exposeString('name', {
      description: 'What the operator of this API calls the app. Null when it was given no name.',
    }),
  }),
});
