import { createTrustedDocuments, parseManifest, type TrustedDocuments } from './trusted-documents.ts';
import type { Variables } from './variables.ts';

/** Reads the documents that an operator vouches for; undefined where there is no list. */
export function readTrustedDocuments(variables: Variables): TrustedDocuments | undefined {
  const { mistakes } = variables;
  const mode = variables.readChoice('TRUSTED_DOCUMENTS', ['only', 'prefer'], 'only');
  if (variables.readText('TRUSTED_DOCUMENTS_FILE') === undefined) {
    if (variables.readText('TRUSTED_DOCUMENTS') !== undefined)
      mistakes.push('TRUSTED_DOCUMENTS: has no effect without TRUSTED_DOCUMENTS_FILE');
    return undefined;
  }
  const text = variables.readFileOf('TRUSTED_DOCUMENTS_FILE');
  if (text === undefined) return undefined;
  const { documents, faults } = parseManifest(text);
  mistakes.push(...faults.map((fault) => `TRUSTED_DOCUMENTS_FILE: ${fault}`));
  return createTrustedDocuments(mode, documents);
}
