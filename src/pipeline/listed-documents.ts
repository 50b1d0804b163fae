import { GraphQLError, type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { countTokens, createLimitsRule, OPERATION_LIMITS } from './operation-limits.ts';

/** As many are told in one message; the rest is a number. */
const MAX_FAULTS = 20;

/**
 * Says which documents of the list would be refused whoever asks: those that cannot be read, do not fit the schema, are no
 * query, or are over a limit of operations. What variables make of them is not looked at.
 * @returns a line for each document, with its id and the first reason; empty where all can be executed.
 */
export function findDocumentFaults({ byId }: TrustedDocuments, schema: GraphQLSchema): readonly string[] {
  // Hashes come before ids in the map, so that a text goes by the id that its list gives to it.
  const ids = new Map([...byId].map(([id, text]) => [text, id]));
  const faults: string[] = [];
  for (const [text, id] of ids) {
    const fault = findFault(text, schema);
    if (fault !== undefined) faults.push(`document ${JSON.stringify(id)}: ${fault}`);
  }
  const more = faults.length - MAX_FAULTS;
  return more > 0 ? [...faults.slice(0, MAX_FAULTS), `and ${more} more documents`] : faults;
}

const LIMITS_RULE = createLimitsRule(OPERATION_LIMITS);

function findFault(text: string, schema: GraphQLSchema): string | undefined {
  try {
    countTokens(text, OPERATION_LIMITS.trustedTokens, OPERATION_LIMITS.nesting);
    const document = parse(text);
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    if (operations.length === 0) return 'has no operation';
    const other = document.definitions.find((node) => 'operation' in node && node.operation !== 'query');
    if (other !== undefined) return 'this gateway answers queries only';
    const [error] = validate(schema, document, [...specifiedRules, LIMITS_RULE], { maxErrors: 1 });
    return error && describe(error);
  } catch (error) {
    if (error instanceof GraphQLError) return describe(error);
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
}

function describe({ message, locations }: GraphQLError): string {
  const [place] = locations ?? [];
  return place === undefined ? message : `${message} (at ${place.line}:${place.column})`;
}
