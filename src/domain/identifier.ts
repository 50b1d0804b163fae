/** Longest app id or account that is passed on, in UTF-16 code units. */
export const MAX_IDENTIFIER_LENGTH = 128;

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Says what keeps a text from being an app id or an account, as the end of a sentence ("must not be empty"),
 * or undefined when nothing does. The vendor documents no grammar; this keeps out what can never be one.
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
