import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BriefMap, Places } from '../../../src/domain/places.ts';

describe('Places', () => {
  it('hold what was added and not removed, each value at a place of its own, which another gets afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 200 }), (choices) => {
        const places = new Places<{ readonly id: number }>();
        const held = new Map<number, { readonly id: number }>();
        let most = 0;
        for (const [id, choice] of choices.entries()) {
          const [place, value] = [...held][choice] ?? [];
          if (place === undefined || value === undefined) {
            const added = { id };
            const at = places.add(added);
            expect(held.has(at)).toBe(false);
            held.set(at, added);
          } else {
            places.remove(place, value);
            held.delete(place);
            expect(places.get(place)).toBeUndefined();
          }
          most = Math.max(most, held.size);
          expect(places.count).toBe(held.size);
          expect(new Set(places)).toEqual(new Set(held.values()));
          for (const [at, expected] of held) {
            expect(at).toBeLessThan(most);
            expect(places.get(at)).toBe(expected);
          }
        }
      }),
    );
  });

  it('keep a value that has taken the place of another, when that one is removed again', () => {
    const places = new Places();
    const [first, second] = [{}, {}];
    const place = places.add(first);
    places.remove(place, first);
    expect(places.add(second)).toBe(place);
    places.remove(place, first);
    expect([...places]).toEqual([second]);
  });

  it('leave out what is removed while they are looked through', () => {
    const places = new Places();
    const [first, second] = [{}, {}];
    places.add(first);
    const place = places.add(second);
    for (const value of places) {
      expect(value).toBe(first);
      places.remove(place, second);
    }
  });
});

describe('A BriefMap', () => {
  it('answers as a Map does', () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.boolean()), { maxLength: 100 }), (steps) => {
        const brief = new BriefMap<object>();
        const map = new Map<string, object>();
        for (const [key, isSet] of steps) {
          const value = {};
          for (const each of [brief, map]) isSet ? each.set(key, value) : each.delete(key);
          for (const other of ['a', 'b', 'c', 'd']) expect(brief.get(other)).toBe(map.get(other));
        }
      }),
    );
  });
});
