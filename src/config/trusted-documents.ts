import { createHash } from 'node:crypto';
import { parseJson } from './json.ts';

/** The documents that an operator vouches for. */
export interface TrustedDocuments {
  /** `only`: nothing else is executed. `prefer`: any other document is treated as if there were no list. */
  readonly mode: 'only' | 'prefer';
  /** Texts by their ids, and by the SHA-256 of the text in hexadecimal digits. */
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

interface Manifest {
  readonly documents: ReadonlyMap<string, string>;
  /** What is wrong with it, each the end of a sentence that starts with the variable. */
  readonly faults: readonly string[];
}

/**
 * Reads a list of documents as the client's tools write it: an object of texts by their ids, by GraphQL Code Generator's
 * client preset and by Relay's compiler, or Apollo's manifest of operations with `id` and `body`.
 */
export function parseManifest(text: string): Manifest {
  const documents = new Map<string, string>();
  const json = parseJson(text);
  if ('fault' in json) return { documents, faults: [json.fault] };
  const entries = listEntries(json.value);
  if (entries === undefined)
    return {
      documents,
      faults: ['expected an object of documents by their ids, or an Apollo manifest of version 1'],
    };
  const faults: string[] = [];
  for (const [index, [id, body]] of entries.entries()) {
    if (typeof id !== 'string' || id === '' || typeof body !== 'string' || body.trim() === '')
      faults.push(`item ${index}: expected an id and a document`);
    else if (documents.has(id)) faults.push(`item ${index}: the same id twice`);
    else documents.set(id, body);
  }
  if (entries.length === 0) faults.push('expected at least one document');
  return { documents, faults };
}

/** Ids and texts, whatever they are; undefined for what is no list of documents at all. */
function listEntries(value: unknown): [unknown, unknown][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (!('format' in value)) return Object.entries(value);
  if (value.format !== 'apollo-persisted-query-manifest') return undefined;
  if (!('version' in value) || value.version !== 1) return undefined;
  if (!('operations' in value) || !Array.isArray(value.operations)) return undefined;
  const operations: readonly unknown[] = value.operations;
  return operations.map((operation) =>
    typeof operation === 'object' && operation !== null && 'id' in operation && 'body' in operation
      ? [operation.id, operation.body]
      : [undefined, undefined],
  );
}

export function createTrustedDocuments(
  mode: TrustedDocuments['mode'],
  documents: ReadonlyMap<string, string>,
): TrustedDocuments {
  const byHash = [...documents.values()].map((text): [string, string] => [
    createHash('sha256').update(text).digest('hex'),
    text,
  ]);
  return { mode, byId: new Map([...byHash, ...documents]), texts: new Set(documents.values()) };
}
