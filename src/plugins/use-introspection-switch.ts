import { type DocumentNode, GraphQLError, visit } from 'graphql';
import type { Caller } from '../domain/caller.ts';
import { IntrospectionDisabledError } from '../errors/request-errors.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Shows the schema, `_service` included, to the callers that `mayIntrospect`. */
export function useIntrospectionSwitch(mayIntrospect: (caller: Caller) => boolean): PipelinePlugin {
  const introspects = new WeakMap<DocumentNode, boolean>();

  return {
    onValidate({ context: { caller }, params: { documentAST } }) {
      if (caller !== undefined && mayIntrospect(caller)) return undefined;
      return ({ valid, setResult }) => {
        if (!valid) return;
        let found = introspects.get(documentAST);
        if (found === undefined) {
          found = isIntrospecting(documentAST);
          introspects.set(documentAST, found);
        }
        if (found) {
          const originalError = new IntrospectionDisabledError();
          setResult([new GraphQLError(originalError.message, { originalError })]);
        }
      };
    },
  };
}

function isIntrospecting(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type' || name.value === '_service') found = true;
    },
  });
  return found;
}
