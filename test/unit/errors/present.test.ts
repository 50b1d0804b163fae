import { describe, expect, it } from '@jest/globals';
import { GraphQLError, parse } from 'graphql';
import { ForbiddenError, UnauthenticatedError } from '../../../src/errors/access-errors.ts';
import { BadUserInputError } from '../../../src/errors/argument-errors.ts';
import { presentError } from '../../../src/errors/present.ts';
import {
  BadRequestError,
  CsrfPreventedError,
  DeadlineExceededError,
  OperationResolutionError,
  OverloadedError,
  QueryLimitError,
  RateLimitedError,
  RequestTooLargeError,
} from '../../../src/errors/request-errors.ts';
import {
  UpstreamBadResponseError,
  UpstreamCircuitOpenError,
  UpstreamRateLimitedError,
  UpstreamTimeoutError,
} from '../../../src/errors/upstream-errors.ts';

const [node = null] = parse('{ a }').definitions;

/** As execution wraps what a resolver throws. */
const locate = (originalError: Error) =>
  new GraphQLError(originalError.message, { nodes: node, path: ['app', 'phones'], originalError });

describe('presentError', () => {
  it('says where, what, and whether trying again may help', () => {
    expect(presentError(locate(new UpstreamTimeoutError()), 'r1').error).toEqual({
      message: 'The voice API did not answer in time.',
      locations: [{ line: 1, column: 1 }],
      path: ['app', 'phones'],
      extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true, requestId: 'r1' },
    });
  });

  it('names the argument at fault', () => {
    expect(
      presentError(new BadUserInputError('first', 'must not be negative'), 'r1').error.extensions,
    ).toEqual({
      code: 'BAD_USER_INPUT',
      retryable: false,
      requestId: 'r1',
      argument: 'first',
    });
  });

  it('says when to try again', () => {
    expect(presentError(new UpstreamRateLimitedError(1500), 'r1').error.extensions).toMatchObject({
      retryAfterMs: 1500,
    });
  });

  it.each([
    [new OverloadedError(), { code: 'OVERLOADED', status: 503, retryAfterMs: 1000 }],
    [new RateLimitedError('Calls', 60), { code: 'RATE_LIMITED', status: 429, retryAfterMs: 60 }],
    [new UpstreamCircuitOpenError(70), { code: 'UPSTREAM_CIRCUIT_OPEN', status: 400, retryAfterMs: 70 }],
  ])('says of %s that it passes, and when', (error, { code, status, retryAfterMs }) => {
    const presented = presentError(error, 'r1');
    expect({ status: presented.status, ...presented.error.extensions }).toEqual({
      status,
      code,
      retryAfterMs,
      retryable: true,
      requestId: 'r1',
    });
  });

  it('keeps evidence from the client, and hands it to the log', () => {
    const presented = presentError(
      locate(new UpstreamBadResponseError('data.total: a number expected')),
      'r1',
    );
    expect(JSON.stringify(presented.error)).not.toContain('data.total');
    expect(presented.cause).toMatchObject({ fault: 'data.total: a number expected' });
  });

  it.each<[Error, number | 'request']>([
    [new BadRequestError('x'), 400],
    [new BadRequestError('x', 405), 405],
    [new BadRequestError('x', 415), 415],
    [new UnauthenticatedError(), 401],
    [new ForbiddenError('phones:read'), 403],
    [new CsrfPreventedError(), 403],
    [new RequestTooLargeError(1), 413],
    [new OperationResolutionError(), 400],
    [new QueryLimitError('QUERY_TOO_DEEP', 'x', 1), 400],
    [new DeadlineExceededError(), 504],
    [new BadUserInputError('first', 'x'), 'request'],
  ])('gives %p the status %p', (error, status) => {
    expect(presentError(error, 'r1').status).toBe(status);
  });

  describe('of what GraphQL itself refuses', () => {
    it.each([
      ['GRAPHQL_PARSE_FAILED', 'request'],
      ['GRAPHQL_VALIDATION_FAILED', 'request'],
      ['BAD_REQUEST', 400],
      ['OPERATION_RESOLUTION_FAILURE', 400],
      ['REQUEST_ENTITY_TOO_LARGE', 413],
    ])('keeps the code %s', (code, status) => {
      const presented = presentError(new GraphQLError('Told to clients.', { extensions: { code } }), 'r1');
      expect([presented.code, presented.error.message, presented.status]).toEqual([
        code,
        'Told to clients.',
        status,
      ]);
    });

    it('drops every other extension', () => {
      const error = new GraphQLError('x', {
        extensions: { code: 'BAD_REQUEST', http: { status: 405 }, originalError: 'canary' },
      });
      const presented = presentError(error, 'r1');
      expect(presented.status).toBe(405);
      expect(presented.error.extensions).toEqual({ code: 'BAD_REQUEST', retryable: false, requestId: 'r1' });
    });

    it.each([
      ['an argument of the wrong kind', new GraphQLError('Told.', { nodes: node, path: ['app'] })],
      ['a variable that is missing', new GraphQLError('Told.', { nodes: node })],
      [
        'a variable of the wrong kind, and says which',
        new GraphQLError('Told.', {
          nodes: node,
          originalError: new GraphQLError('Int cannot represent it.'),
        }),
      ],
    ])('takes %s for the client’s input', (_, error) => {
      const { code, status, error: shown } = presentError(error, 'r1');
      expect([code, status, shown.message]).toEqual(['BAD_USER_INPUT', 'request', 'Told.']);
    });
  });

  it.each<[string, unknown]>([
    ['a bug', new TypeError('canary')],
    ['a bug in a resolver', locate(new TypeError('canary'))],
    [
      'a value that cannot be serialised, which its message quotes',
      locate(new GraphQLError('Int cannot represent "canary"')),
    ],
    [
      'a code that is not ours',
      new GraphQLError('canary', { nodes: node, extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } }),
    ],
    ['what is no error', 'canary'],
    ['nothing', undefined],
  ])('masks %s', (_, thrown) => {
    const presented = presentError(thrown, 'r1');
    expect(presented.error).toMatchObject({
      message: 'The gateway failed to answer this.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'r1' },
    });
    expect(JSON.stringify(presented.error)).not.toContain('canary');
    expect(presented.status).toBe(500);
  });

  it('hands what it masks to the log', () => {
    const bug = new TypeError('x');
    expect(presentError(locate(bug), 'r1').masked).toBe(bug);
  });
});
