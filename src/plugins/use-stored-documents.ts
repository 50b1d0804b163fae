import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import {
  BadRequestError,
  PersistedQueryNotFoundError,
  PersistedQueryNotSupportedError,
  UnknownDocumentError,
  UntrustedDocumentError,
} from '../errors/request-errors.ts';
import { findDocumentId, findPersistedHash, MISSING_QUERY } from './operation-params.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

export interface StoredDocumentsOptions {
  /** The documents that the operator vouches for; undefined where there is no list. */
  readonly trusted: () => TrustedDocuments | undefined;
  /** Whether clients may store documents by their hash: automatic persisted queries. */
  readonly storesQueries: () => boolean;
  /** Memory for what clients have stored, in bytes. */
  readonly maxBytes: number;
}

/** What an entry takes beside its text: the hash, and the places that hold it. */
const BYTES_PER_ENTRY = 400;

/**
 * Finds the text of a document that a request names instead of sending it, by its id in the list of trusted ones or by
 * its SHA-256. A text that comes with its hash is stored once it has proved valid. Where only trusted documents are
 * executed, any other is refused; a caller may be exempt.
 * @see https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function useStoredDocuments(options: StoredDocumentsOptions): PipelinePlugin {
  const { trusted, storesQueries, maxBytes } = options;
  const stored = new LRUCache<string, string>({
    maxSize: maxBytes,
    // Two bytes for a character, at most.
    sizeCalculation: (text) => text.length * 2 + BYTES_PER_ENTRY,
  });

  function findText(hash: string | undefined, mayOnlyTrusted: boolean): string {
    if (hash === undefined) throw new UnknownDocumentError();
    if (mayOnlyTrusted || !storesQueries()) throw new PersistedQueryNotSupportedError();
    const text = stored.get(hash);
    if (text === undefined) throw new PersistedQueryNotFoundError();
    return text;
  }

  return {
    onEnveloped({ context, extendContext }) {
      if (context?.params === undefined) return;
      const { caller, params } = context;
      if (caller === undefined) throw new TypeError('A document is looked for before its caller is known.');
      const list = trusted();
      const mayOnlyTrusted = list?.mode === 'only' && caller.trustedDocumentsExempt !== true;
      const id = findDocumentId(params);
      const hash = findPersistedHash(params.extensions);

      const { query: text = '' } = params;
      if (text !== '') {
        if (list?.texts.has(text)) extendContext({ isTrustedDocument: true });
        else if (mayOnlyTrusted) throw new UntrustedDocumentError();
        if (hash === undefined || !storesQueries()) return;
        if (createHash('sha256').update(text).digest('hex') !== hash)
          throw new BadRequestError('The SHA-256 in "extensions.persistedQuery" is not that of the query.');
        extendContext({ hashToStore: hash });
        return;
      }

      const name = id ?? hash;
      if (name === undefined) throw new BadRequestError(MISSING_QUERY);
      const listed = list?.byId.get(name) ?? list?.byId.get(name.replace(/^sha256:/, ''));
      if (listed !== undefined) extendContext({ isTrustedDocument: true });
      // Both entry points parse what stands here after this.
      params.query = listed ?? findText(hash, mayOnlyTrusted);
    },
    onValidate({ context: { hashToStore, params } }) {
      if (hashToStore === undefined) return undefined;
      return ({ valid }) => {
        if (valid && params.query !== undefined) stored.set(hashToStore, params.query);
      };
    },
  };
}
