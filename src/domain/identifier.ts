/** Longest app id or name that is passed on, in UTF-16 code units. */
const MAX_IDENTIFIER_LENGTH = 128;

/**
 * Longest account, in UTF-16 code units: far longer than a SIP login may be, and short enough that its global id, up to
 * four bytes for each unit, fits into the smallest body that the gateway reads (64 KiB).
 */
export const MAX_ACCOUNT_LENGTH = 8_192;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Says what keeps a text from being an account, as the end of a sentence ("must not be empty"), or undefined when nothing
 * does. One grammar for both directions: whatever the vendor lists can be asked for, and what cannot be asked for is no
 * account when the vendor lists it. An account without a UTF-8 form has no global id.
 */
export function findAccountFault(text: string): string | undefined {
  if (text.length === 0) return 'must not be empty';
  if (text.length > MAX_ACCOUNT_LENGTH) return `must not be longer than ${MAX_ACCOUNT_LENGTH} characters`;
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

/**
 * Says what keeps a text from being an app id or a name that an operator gives, like {@link findAccountFault}. The vendor
 * documents no grammar; this keeps out what can never be one.
 */
export function findIdentifierFault(text: string): string | undefined {
  if (text.length === 0) return 'must not be empty';
  if (text.length > MAX_IDENTIFIER_LENGTH)
    return `must not be longer than ${MAX_IDENTIFIER_LENGTH} characters`;
  if (CONTROL_CHARACTER.test(text)) return 'must not contain control characters';
  if (!text.isWellFormed()) return 'must be well-formed Unicode';
  return undefined;
}

/** The vendor documents no grammar; all that it shows are letters and digits. Quotes, brackets or blanks are typing errors. */
const APP_ID = /^[\p{L}\p{N}._-]*$/u;

/** Says what keeps a text that an operator wrote from being an app id, like {@link findIdentifierFault}. */
export function findAppIdFault(text: string): string | undefined {
  const fault = findIdentifierFault(text);
  if (fault !== undefined) return fault;
  return APP_ID.test(text) ? undefined : 'must be of letters, digits, ".", "_" and "-"';
}
