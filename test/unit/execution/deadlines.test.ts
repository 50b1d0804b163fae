import { describe, expect, it } from '@jest/globals';
import { createDeadlines, type Dated } from '../../../src/execution/deadlines.ts';
import { createManualClock } from '../../support/manual-clock.ts';

describe('Deadlines', () => {
  function createFixture() {
    const clock = createManualClock();
    const deadlines = createDeadlines(clock);
    const ended: string[] = [];
    function create(name: string, deadlineAt: number, onEnd?: () => void): Dated {
      return {
        deadlineAt,
        place: undefined,
        end() {
          ended.push(name);
          onEnd?.();
        },
      };
    }
    return { clock, deadlines, ended, create };
  }

  it('end each when its moment has passed, and what was deleted not at all', async () => {
    const { clock, deadlines, ended, create } = createFixture();
    const deleted = create('deleted', 20);
    for (const dated of [create('late', 30), create('early', 10), deleted]) deadlines.add(dated);
    deadlines.delete(deleted);
    await clock.advance(10);
    expect(ended).toEqual(['early']);
    await clock.advance(20);
    expect(ended).toEqual(['early', 'late']);
  });

  it.each([
    ['alone', []],
    ['beside a later one', [100]],
  ])('end what was added while another was ended, %s', async (_, others) => {
    const { clock, deadlines, ended, create } = createFixture();
    deadlines.add(create('first', 10, () => deadlines.add(create('second', 20))));
    for (const deadlineAt of others) deadlines.add(create('other', deadlineAt));
    await clock.advance(10);
    expect(ended).toEqual(['first']);
    await clock.advance(10);
    expect(ended).toEqual(['first', 'second']);
  });
});
