import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { BadRequestError, OperationResolutionError } from '../errors/request-errors.ts';

/** @throws {OperationResolutionError | BadRequestError} for a request that does not say which operation to run, or whose operation is no query. */
export function findOperation(
  document: DocumentNode,
  operationName: string | null | undefined,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation == null) throw new OperationResolutionError();
  // The schema has no other root; validation does not look, and execution would call it an answer.
  if (operation.operation !== 'query') throw new BadRequestError('This gateway answers queries only.');
  return operation;
}
