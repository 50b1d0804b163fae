import { createRandom, hashText, type Random } from './random.ts';

/** One phone as the vendor lists it. `displayNum` is optional when a phone is created, and may come as null, as "" or not at all. */
export interface SipRecord {
  readonly groupName?: string | null;
  /** Unique within its app. */
  readonly phoneName?: string | null;
  /** The SIP login; unique among all apps. */
  readonly account: string;
  /** In clear text, in every row of every page. */
  readonly password?: string | null;
  readonly displayNum?: string | null;
}

/** The phone of the vendor's published sample. */
export const SAMPLE_RECORD: SipRecord = {
  groupName: 'sipGroup',
  phoneName: 'sip-1',
  account: 'test_001',
  password: 'LX9FZdF2',
  displayNum: '861000000',
};

const GROUP_NAMES = ['sipGroup', 'sales', 'support', 'reception', 'warehouse', 'back office'];
const PASSWORD_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PASSWORD_LENGTH = 8;

/** Makes the n-th phone of an app, n from 1. */
export type SipRecordFactory = (serial: number) => SipRecord;

/**
 * Prepares the phones of one app. The n-th depends on the seed, the app id and n alone, whatever was made before it;
 * accounts start with `accountPrefix`.
 */
export function createSipRecordFactory(seed: string, appId: string, accountPrefix: string): SipRecordFactory {
  const base = hashText(`${seed}/${appId}`);
  return (serial) => {
    const random = createRandom(base ^ Math.imul(serial, 0x9e3779b1));
    const record = {
      groupName: pick(GROUP_NAMES, random),
      phoneName: `sip-${serial}`,
      account: `${accountPrefix}_${String(serial).padStart(3, '0')}`,
      password: createPassword(random),
    };
    const displayNum = createDisplayNum(random);
    return displayNum === undefined ? record : { ...record, displayNum };
  };
}

function createPassword(random: Random): string {
  let password = '';
  for (let i = 0; i < PASSWORD_LENGTH; i++) {
    password += PASSWORD_ALPHABET.charAt(Math.floor(random() * PASSWORD_ALPHABET.length));
  }
  return password;
}

/** One phone in ten has no number, in the three ways of having none. */
function createDisplayNum(random: Random): string | null | undefined {
  const draw = random();
  if (draw < 0.04) return null;
  if (draw < 0.07) return '';
  if (draw < 0.1) return undefined;
  return `861${String(Math.floor(random() * 1_000_000)).padStart(6, '0')}`;
}

function pick(choices: readonly string[], random: Random): string {
  return choices[Math.floor(random() * choices.length)] ?? '';
}
