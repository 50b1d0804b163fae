import type { DocumentNode, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { PipelinePlugin } from './pipeline-plugin.ts';

interface KnownDocument {
  readonly document: DocumentNode;
  /** What validation found; undefined until it has run. */
  faults: readonly GraphQLError[] | undefined;
}

/** A parsed document takes about this many bytes for each character of its text: measured, 20 to 60. */
const BYTES_PER_CHARACTER = 60;

/**
 * Parses and validates each document once. What fails to parse is not kept.
 * @param maxBytes upper bound for the memory of what is kept, estimated from the length of the texts.
 */
export function useDocumentCache(maxBytes: number): PipelinePlugin {
  const byText = new LRUCache<string, KnownDocument>({
    maxSize: maxBytes,
    sizeCalculation: (_, text) => text.length * BYTES_PER_CHARACTER + 1,
  });
  const byDocument = new WeakMap<DocumentNode, KnownDocument>();

  return {
    onParse({ params, setParsedDocument }) {
      const text = params.source.toString();
      const known = byText.get(text);
      if (known !== undefined) {
        setParsedDocument(known.document);
        return undefined;
      }
      return ({ result }) => {
        if (result === null || result instanceof Error) return;
        const document: KnownDocument = { document: result, faults: undefined };
        byText.set(text, document);
        byDocument.set(result, document);
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
}
