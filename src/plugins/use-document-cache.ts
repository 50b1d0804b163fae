import type { DocumentNode, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Keeps documents, and counts what is kept for as long as they are. */
export interface DocumentCache {
  readonly plugin: PipelinePlugin;
  /** Says how many bytes are kept elsewhere for a document, in all. Harmless for one that is not in the cache. */
  countBytes(document: DocumentNode, bytes: number): void;
}

interface KnownDocument {
  readonly text: string;
  readonly document: DocumentNode;
  readonly bytesElsewhere: number;
  /** What validation found; undefined until it has run. */
  faults: readonly GraphQLError[] | undefined;
}

/** A parsed document takes about this many bytes for each character of its text: measured, 20 to 60. */
const BYTES_PER_CHARACTER = 60;

/**
 * Parses and validates each document once. What fails to parse is not kept.
 * @param maxBytes upper bound for the memory of what is kept: documents, estimated by the length of their texts, and what
 * is counted beside them.
 */
export function createDocumentCache(maxBytes: number): DocumentCache {
  const byText = new LRUCache<string, KnownDocument>({
    maxSize: maxBytes,
    sizeCalculation: ({ text, bytesElsewhere }) => text.length * BYTES_PER_CHARACTER + 1 + bytesElsewhere,
  });
  const byDocument = new WeakMap<DocumentNode, KnownDocument>();

  function keep(known: KnownDocument): void {
    byText.set(known.text, known);
    byDocument.set(known.document, known);
  }

  const plugin: PipelinePlugin = {
    onParse({ params, setParsedDocument }) {
      const text = params.source.toString();
      const known = byText.get(text);
      if (known !== undefined) {
        setParsedDocument(known.document);
        return undefined;
      }
      return ({ result }) => {
        if (result === null || result instanceof Error) return;
        keep({ text, document: result, bytesElsewhere: 0, faults: undefined });
      };
    },
    onValidate({ params, setResult }) {
      const known = byDocument.get(params.documentAST);
      if (known?.faults !== undefined) {
        setResult([...known.faults]);
        return undefined;
      }
      return ({ result }) => {
        if (known !== undefined) known.faults = [...result];
      };
    },
  };

  return {
    plugin,
    countBytes(document, bytes) {
      const known = byDocument.get(document);
      // Another object: the cache measures no value that it has measured already.
      if (known !== undefined && byText.peek(known.text) === known) keep({ ...known, bytesElsewhere: bytes });
    },
  };
}
