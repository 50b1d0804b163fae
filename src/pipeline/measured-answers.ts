import type { OperationDefinitionNode } from 'graphql';
import { type AnswerSize, type AnswerTerms, measureAnswer } from './answer-size.ts';

/** Measures answers, and remembers of each operation what was measured last: most clients ask for pages of one size. */
export interface MeasuredAnswers {
  /** The same as {@link measureAnswer}. */
  measure(operation: OperationDefinitionNode, terms: AnswerTerms): AnswerSize;
}

/** What a size depends on, and the size. */
interface Measured {
  readonly apps: number;
  /** Each variable, followed by its value. */
  readonly variables: readonly unknown[];
  readonly size: AnswerSize;
}

export function createMeasuredAnswers(): MeasuredAnswers {
  const known = new WeakMap<OperationDefinitionNode, { last: Measured }>();

  return {
    measure(operation, terms) {
      const { variableValues, apps } = terms;
      const place = known.get(operation);
      if (place?.last.apps === apps && areEqual(place.last.variables, variableValues)) return place.last.size;
      const size = measureAnswer(operation.selectionSet, terms);
      const variables = listVariables(variableValues);
      if (variables === undefined) return size;
      const last = { apps, variables, size };
      if (place === undefined) known.set(operation, { last });
      else place.last = last;
      return size;
    },
  };
}

/** The variables that a size may depend on; undefined where one of them is a list or an object. */
function listVariables(variables: AnswerTerms['variableValues']): unknown[] | undefined {
  const list: unknown[] = [];
  for (const name in variables) {
    const value = variables[name];
    if (typeof value === 'object' && value !== null) return undefined;
    list.push(name, withoutText(value));
  }
  return list;
}

/** The variables of one operation always come in one order. */
function areEqual(list: readonly unknown[], variables: AnswerTerms['variableValues']): boolean {
  let index = 0;
  for (const name in variables)
    if (list[index++] !== name || list[index++] !== withoutText(variables[name])) return false;
  return index === list.length;
}

/** Counts are numbers and conditions are booleans: a cursor or an account changes no size. */
function withoutText(value: unknown): unknown {
  return typeof value === 'string' ? undefined : value;
}
