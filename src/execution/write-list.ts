import type { Path } from './path.ts';
import type { Complete } from './plan.ts';
import type { PlannedField } from './planned-field.ts';
import type { Run } from './run.ts';
import { Draft, isLater, type Written } from './text.ts';
import { isPromiseLike } from './value.ts';

/** What the items of a list have in common. */
export interface ListPlan {
  readonly field: PlannedField;
  /** Whether an item may not be null. */
  readonly isNonNull: boolean;
  readonly completeItem: Complete;
}

/** How much of a list is written. */
interface Progress {
  /** The index of the next item. */
  readonly next: number;
  readonly text: string;
  readonly draft: Draft | undefined;
}

const NOTHING: Progress = { next: 0, text: '[', draft: undefined };

/** Writes a list: as many items as this turn of the event loop has time for, and then the others. */
export function writeList(
  run: Run,
  list: ListPlan,
  items: readonly unknown[],
  path: Path,
  progress: Progress = NOTHING,
): Written {
  let { text, draft } = progress;
  try {
    for (let index = progress.next; index < items.length; index++) {
      if (!run.turns.take()) {
        // What is begun may fail before anyone waits for it.
        draft?.neglect();
        if (progress === NOTHING) neglectItems(items, index);
        const reached: Progress = { next: index, text, draft };
        return run.takeTurn().then(() => writeList(run, list, items, path, reached));
      }
      run.countCharacters(1);
      run.assertGoesOn();
      if (index > 0) text += ',';
      const written = writeItem(run, list, items[index], { prev: path, key: index, typename: undefined });
      if (isLater(written)) {
        draft ??= new Draft();
        draft.add(text, written);
        text = '';
      } else text += written ?? 'null';
    }
  } catch (error) {
    draft?.neglect();
    neglectItems(items, progress.next);
    throw error;
  }
  text += ']';
  return draft === undefined ? text : draft.joinList(text);
}

/** Marks the rejections of items that are not looked at yet as handled. */
function neglectItems(items: readonly unknown[], from: number): void {
  for (let index = from; index < items.length; index++) {
    const item = items[index];
    if (isPromiseLike(item)) item.then(undefined, () => undefined);
  }
}

function writeItem(
  run: Run,
  { field, isNonNull, completeItem }: ListPlan,
  item: unknown,
  path: Path,
): Written {
  try {
    const written = isPromiseLike(item)
      ? item.then((resolved) => completeItem(run, resolved, path))
      : completeItem(run, item, path);
    if (!isLater(written)) return written;
    return written.then(undefined, (error) => run.fail(error, field.nodes, path, isNonNull));
  } catch (error) {
    return run.fail(error, field.nodes, path, isNonNull);
  }
}
