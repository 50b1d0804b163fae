import type { GatewayContext } from '../context.ts';
import type { App } from '../domain/app.ts';
import type { Phone } from '../domain/phone.ts';
import { AppRef, findApp } from './app.ts';
import { assertAccount } from './argument.ts';
import { builder, costs, requireScope, SEMANTIC_NON_NULL } from './builder.ts';
import { NodeRef } from './node.ts';
import { assertScope, getPhones } from './scope.ts';

/**
 * Finds one phone; null when its app is not served, or a complete read has shown that there is none. What is asked in
 * one tick becomes one batch: it asks before it first waits.
 * @throws {BadUserInputError} when the app id or the account cannot be one.
 * @throws {ForbiddenError} when the caller may not read phones.
 */
export async function findPhone(
  context: GatewayContext,
  { appId, account }: Pick<Phone, 'appId' | 'account'>,
  argumentNames = { appId: 'appId', account: 'account' },
): Promise<Phone | null> {
  const app = findApp(context, appId, argumentNames.appId);
  assertAccount(argumentNames.account, account);
  return app === undefined ? null : getPhones(context).loadPhone(appId, account);
}

async function readPassword(context: GatewayContext, phone: Phone): Promise<string | null> {
  const { audit } = context;
  // On record before it is read, as the worst that can come of it.
  audit.note(phone, 'refused');
  assertScope(context, 'passwords:read');
  const giveBack = audit.takeOne();
  audit.note(phone, 'failed');
  try {
    const password = await context.phones.loadPassword(phone);
    audit.note(phone, 'read');
    return password === null ? null : password.reveal();
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** A phone was found through its app, so the app is served. */
function getApp(context: GatewayContext, { appId }: Phone): App {
  context.objects.spend(1);
  const app = context.apps.find(appId);
  if (app === undefined) throw new TypeError('A phone of an app that is not served has come into an answer.');
  return app;
}

export const SipPhoneRef = builder.objectRef<Phone>('SipPhone').implement({
  description:
    'A SIP phone of an app: an account with which a softphone or a desk phone registers at the vendor to make and take calls.',
  interfaces: [NodeRef],
  directives: [
    { name: 'key', args: { fields: 'id' } },
    { name: 'key', args: { fields: 'appId account' } },
  ],
  fields: (t) => ({
    appId: t.exposeID('appId', {
      description: "The id of the app that the phone belongs to, as the vendor's console shows it.",
      nullable: false,
    }),
    app: t.field({
      type: AppRef,
      directives: [SEMANTIC_NON_NULL],
      description: 'The app that the phone belongs to. Null only beside an error that says why.',
      resolve: (phone, _args, context) => getApp(context, phone),
    }),
    account: t.exposeString('account', {
      description: 'The SIP user name that the phone logs in with. Unique within its app.',
      nullable: false,
    }),
    phoneName: t.exposeString('phoneName', {
      directives: [requireScope('phones:read')],
      description: "What the phone is called in the vendor's console. Null when it has no name there.",
    }),
    groupName: t.exposeString('groupName', {
      directives: [requireScope('phones:read')],
      description:
        'The name of the group that the phone is filed under at the vendor. Null when it is in none.',
    }),
    displayNum: t.exposeString('displayNum', {
      directives: [requireScope('phones:read')],
      description:
        'The number that people see when this phone calls them, digits with the country code first. Null when none is set for it.',
    }),
    password: t.string({
      description:
        'The SIP password that the phone logs in with, in clear text. Needs the scope `passwords:read` beside `phones:read`, and every read is put on record. Null without an error when the vendor has none; null with an error of the code FORBIDDEN when the caller lacks the scope.',
      directives: [
        { name: 'tag', args: { name: 'secret' } },
        costs('password'),
        requireScope('passwords:read'),
      ],
      resolve: (phone, _args, context) => readPassword(context, phone),
    }),
  }),
});
