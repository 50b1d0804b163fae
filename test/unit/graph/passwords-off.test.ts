import { describe, expect, it } from '@jest/globals';
import { createApiSchema } from '../../../src/graph/schema.ts';
import { printApiSdl, printSubgraphSdl } from '../../../src/graph/sdl.ts';

describe('a graph without passwords', () => {
  it.each([
    ['clients', printApiSdl],
    ['routers', printSubgraphSdl],
  ])('has none in the SDL for %s', (_who, print) => {
    expect(print(createApiSchema({ passwords: false }))).not.toContain('password');
  });

  it('takes them from no other graph', () => {
    createApiSchema({ passwords: false });
    expect(printApiSdl(createApiSchema())).toContain('password: String');
  });
});
