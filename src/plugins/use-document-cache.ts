import type { DocumentNode } from 'graphql';
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
  /** Of the document itself. */
  readonly bytes: number;
  readonly bytesElsewhere: number;
}

/**
 * Memory of a parsed document, measured for eleven kinds of text: 250 to 470 bytes a token, up to 4 a character where the
 * text is long strings, and 2 KB for its place.
 */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 4;
const BYTES_PER_DOCUMENT = 2000;

/**
 * Parses and validates each document once. What fails to parse or is not valid is not kept: its errors take up to 60 KB
 * each, whatever the length of the text.
 * @param maxBytes upper bound for the memory of what is kept: documents, estimated by their tokens, and what is counted
 * beside them.
 */
export function createDocumentCache(maxBytes: number): DocumentCache {
  const byText = new LRUCache<string, KnownDocument>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes, bytesElsewhere }) => bytes + bytesElsewhere,
  });
  const byDocument = new WeakMap<DocumentNode, KnownDocument>();

  function keep(known: KnownDocument): void {
    byText.set(known.text, known);
    byDocument.set(known.document, known);
  }

  const plugin: PipelinePlugin = {
    onParse({ params, setParsedDocument }) {
      const known = byText.get(params.source.toString());
      if (known !== undefined) setParsedDocument(known.document);
    },
    onValidate({ params: { documentAST }, setResult }) {
      if (byDocument.has(documentAST)) {
        setResult([]);
        return undefined;
      }
      return ({ valid }) => {
        if (valid) keep(describeDocument(documentAST));
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

function describeDocument(document: DocumentNode): KnownDocument {
  const { loc } = document;
  if (loc === undefined) throw new TypeError('A document was parsed without its locations.');
  const text = loc.source.body;
  let bytes = BYTES_PER_DOCUMENT + text.length * BYTES_PER_CHARACTER;
  for (let token = loc.startToken.next; token !== null; token = token.next) bytes += BYTES_PER_TOKEN;
  return { text, document, bytes, bytesElsewhere: 0 };
}
