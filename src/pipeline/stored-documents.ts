import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import type { RequestState } from '../context.ts';
import {
  BadRequestError,
  PersistedQueryNotFoundError,
  PersistedQueryNotSupportedError,
  UnknownDocumentError,
  UntrustedDocumentError,
} from '../errors/request-errors.ts';
import { findPersistedHash, MISSING_QUERY, type OperationParams } from './operation-params.ts';

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
export interface StoredDocuments {
  /**
   * Gives the text that a request means, and notes whether the operator vouches for it.
   * @throws {UnknownDocumentError | PersistedQueryNotFoundError | PersistedQueryNotSupportedError} for a name without a text.
   * @throws {UntrustedDocumentError} for a text that this caller may not send.
   * @throws {BadRequestError} for a hash that is not that of the text, or a request with neither.
   */
  findText(params: OperationParams, state: RequestState): string;
  /** Stores what came with its hash. It has to be valid. */
  store(text: string, state: RequestState): void;
}

export function createStoredDocuments(options: StoredDocumentsOptions): StoredDocuments {
  const { trusted, storesQueries, maxBytes } = options;
  const stored = new LRUCache<string, string>({
    maxSize: maxBytes,
    // Two bytes for a character, at most.
    sizeCalculation: (text) => text.length * 2 + BYTES_PER_ENTRY,
  });

  function findStored(hash: string | undefined, mayOnlyTrusted: boolean): string {
    if (hash === undefined) throw new UnknownDocumentError();
    if (mayOnlyTrusted || !storesQueries()) throw new PersistedQueryNotSupportedError();
    const text = stored.get(hash);
    if (text === undefined) throw new PersistedQueryNotFoundError();
    return text;
  }

  return {
    findText(params, state) {
      const { query: text = '', documentId: id, extensions } = params;
      const list = trusted();
      const mayOnlyTrusted = list?.mode === 'only' && state.caller?.trustedDocumentsExempt !== true;
      const hash = findPersistedHash(extensions);

      if (text !== '') {
        if (list?.texts.has(text)) state.isTrustedDocument = true;
        else if (mayOnlyTrusted) throw new UntrustedDocumentError();
        if (hash === undefined || !storesQueries()) return text;
        if (createHash('sha256').update(text).digest('hex') !== hash)
          throw new BadRequestError('The SHA-256 in "extensions.persistedQuery" is not that of the query.');
        state.hashToStore = hash;
        return text;
      }

      const name = id ?? hash;
      if (name === undefined) throw new BadRequestError(MISSING_QUERY);
      const listed = list?.byId.get(name) ?? list?.byId.get(name.replace(/^sha256:/, ''));
      if (listed !== undefined) state.isTrustedDocument = true;
      return listed ?? findStored(hash, mayOnlyTrusted);
    },
    store(text, { hashToStore }) {
      if (hashToStore !== undefined) stored.set(hashToStore, text);
    },
  };
}
