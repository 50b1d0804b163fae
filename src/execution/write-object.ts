import { KeepsText } from '../domain/kept-text.ts';
import type { Path } from './path.ts';
import type { FieldPlan, ObjectPlan } from './plan.ts';
import type { Run } from './run.ts';
import { Draft, isLater, type Written } from './text.ts';
import { isPlain, isPromiseLike } from './value.ts';

const NO_ARGUMENTS: Record<string, unknown> = Object.freeze({});

/** Writes an object, or finds what was written of it before. */
export function writeObject(run: Run, plan: ObjectPlan, source: unknown, path: Path | undefined): Written {
  const { fixedObjects } = plan;
  if (fixedObjects === undefined || !(source instanceof KeepsText))
    return writeFields(run, plan, source, path);
  const known = source.findText(plan);
  if (known !== undefined) {
    run.countKept(fixedObjects, known.length);
    return known;
  }
  const errors = run.errors.length;
  const written = writeFields(run, plan, source, path);
  // What has failed may go well the next time.
  if (typeof written === 'string' && run.errors.length === errors) source.keepText(plan, written);
  return written;
}

/**
 * Writes each field. Throws what a field throws where null is not allowed.
 * @see https://spec.graphql.org/October2021/#ExecuteSelectionSet()
 */
function writeFields(run: Run, plan: ObjectPlan, source: unknown, path: Path | undefined): Written {
  run.countObject(plan.characters);
  if (plan.failure !== undefined) throw plan.failure;
  let text = '';
  let draft: Draft | undefined;
  try {
    for (const field of plan.fields) {
      text += field.before;
      const written = writeField(run, field, source, path);
      if (isLater(written)) {
        draft ??= new Draft();
        draft.add(text, written);
        text = '';
      } else text += written ?? 'null';
    }
  } catch (error) {
    if (draft === undefined) throw error;
    // As graphql-js has it: the object fails when what was begun in it has ended.
    return draft.fail(error);
  }
  text += plan.ending;
  return draft === undefined ? text : draft.joinObject(text);
}

/** @see https://spec.graphql.org/October2021/#ExecuteField() */
function writeField(run: Run, field: FieldPlan, source: unknown, above: Path | undefined): Written {
  const { completeProperty, definition, name } = field;
  let at: Path | undefined;
  try {
    let value: unknown;
    if (definition.resolve === undefined) {
      value = isReadable(source) ? source[name] : undefined;
      if (completeProperty !== undefined && isPlain(value)) return completeProperty(run, value);
    }
    const path = createPath(field, above);
    at = path;
    const values = field.readArguments?.(run.variables) ?? NO_ARGUMENTS;
    if (definition.resolve !== undefined)
      value = definition.resolve(source, values, run.context, run.createInfo(field, path));
    // A property that is a function is a method.
    else if (typeof value === 'function')
      value = value.call(source, values, run.context, run.createInfo(field, path));

    const written = isPromiseLike(value)
      ? value.then((resolved) => field.complete(run, resolved, path))
      : field.complete(run, value, path);
    if (!isLater(written)) return written;
    return written.then(undefined, (error) => run.fail(error, field.nodes, path, field.isNonNull));
  } catch (error) {
    return run.fail(error, field.nodes, at ?? createPath(field, above), field.isNonNull);
  }
}

function createPath({ key, parent }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key, typename: parent.name };
}

function isReadable(source: unknown): source is Record<string, unknown> {
  return (typeof source === 'object' && source !== null) || typeof source === 'function';
}
