import { describe, expect, it } from '@jest/globals';
import { createRefusedTokens } from '../../../src/pipeline/refused-tokens.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  const lines: object[] = [];
  const nothing = () => undefined;
  const log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (evidence: object) => lines.push(evidence),
  };
  return { refused: createRefusedTokens(log, clock), clock, lines };
}

describe('createRefusedTokens', () => {
  it('tells of a burst once a minute, with its count and its addresses', async () => {
    const { refused, clock, lines } = setUp();
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1']) refused.note(address);
    await clock.advance(59_999);
    expect(lines).toEqual([]);
    refused.note('10.0.0.3');
    await clock.advance(1);
    expect(lines).toEqual([{ count: 4, addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] }]);
    refused.note('10.0.0.4');
    await clock.advance(60_000);
    expect(lines.slice(1)).toEqual([{ count: 1, addresses: ['10.0.0.4'] }]);
    await clock.advance(600_000);
    expect(lines).toHaveLength(2);
  });

  it('names 20 addresses, and says that there are more', async () => {
    const { refused, clock, lines } = setUp();
    const addresses = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    for (const address of addresses) refused.note(address);
    await clock.advance(60_000);
    expect(lines).toEqual([{ count: 1_000, addresses: addresses.slice(0, 20), moreAddresses: true }]);
  });

  it('tells the rest when it is closed', () => {
    const { refused, lines } = setUp();
    refused.note('10.0.0.1');
    refused.close();
    refused.close();
    expect(lines).toEqual([{ count: 1, addresses: ['10.0.0.1'] }]);
  });
});
