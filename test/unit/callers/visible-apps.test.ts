import { describe, expect, it } from '@jest/globals';
import { createVisibleApps } from '../../../src/callers/visible-apps.ts';

const served = [
  { appId: 'a', name: 'A' },
  { appId: 'b', name: null },
];
const anyone = { name: 'anyone', scopes: new Set<never>() };
const onlyB = { ...anyone, appIds: new Set(['b', 'x']) };

describe('createVisibleApps', () => {
  it('shows all served apps to a caller without a list, in order', () => {
    expect(createVisibleApps(served, anyone).list()).toEqual(served);
  });

  it('shows a caller with a list the served apps on it', () => {
    expect(createVisibleApps(served, onlyB).list()).toEqual([{ appId: 'b', name: null }]);
  });

  it('finds neither an app that is not served nor one that is not shown', () => {
    const apps = createVisibleApps(served, onlyB);
    expect([apps.find('a'), apps.find('x'), apps.find('b')]).toEqual([
      undefined,
      undefined,
      { appId: 'b', name: null },
    ]);
  });

  describe('of any app', () => {
    it('lists none and passes every id on', () => {
      const apps = createVisibleApps('any', anyone);
      expect([apps.list(), apps.find('q')]).toEqual([[], { appId: 'q', name: null }]);
    });

    it('keeps to the list of a caller that has one', () => {
      const apps = createVisibleApps('any', onlyB);
      expect([apps.find('q'), apps.find('x')]).toEqual([undefined, { appId: 'x', name: null }]);
    });
  });
});
