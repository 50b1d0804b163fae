import type { ServerResponse } from 'node:http';
import type { CallLog } from './call-log.ts';
import { assertChange } from './change.ts';
import type { Control } from './control.ts';
import { assertFailure } from './failure.ts';
import { InputError } from './input.ts';
import { assertQuirks } from './quirks.ts';
import { readBody } from './request-body.ts';
import type { Endpoint } from './sip-endpoint.ts';

export const CONTROL_PATH = '/control';

/** Carries out a request and returns what it is answered with, as JSON. */
type Route = (input: unknown) => unknown;

/**
 * The control interface over HTTP, JSON in and out; a body that it does not know is 400 and changes nothing.
 *
 * | | body | |
 * |---|---|---|
 * | `GET /control` | | the quirks, the failures pending and the counters |
 * | `PATCH /control` | `{"latencyMs": 200, "ties": {"batchSize": 30}}` | changes these quirks (`quirks.ts`) |
 * | `DELETE /control` | | everything back to the start |
 * | `POST /control/failures` | `{"fault": "http", "httpStatus": 503, "times": 2}` | spoils calls (`failure.ts`) |
 * | `DELETE /control/failures` | | spoils no more |
 * | `POST /control/changes` | `{"appId": "4luaKsL2", "insert": 3, "at": 0, "beforeCall": 2}` | inserts, removes or edits phones (`change.ts`) |
 * | `GET /control/calls` | | the counters and the latest calls |
 * | `DELETE /control/calls` | | counts anew |
 */
export function createControlEndpoint(control: Control, calls: CallLog): Endpoint {
  const routes: Readonly<Record<string, Route>> = {
    'GET /control': () => ({
      quirks: control.quirks,
      failures: control.failures,
      calls: { ...readCalls(calls), recent: undefined },
    }),
    'PATCH /control': (input) => {
      assertQuirks(input);
      control.setQuirks(input);
      return { quirks: control.quirks };
    },
    'DELETE /control': () => {
      control.reset();
      calls.reset();
      return { quirks: control.quirks };
    },
    'POST /control/failures': (input) => {
      assertFailure(input);
      control.fail(input);
      return { failures: control.failures };
    },
    'DELETE /control/failures': () => {
      control.clearFailures();
      return { failures: [] };
    },
    'POST /control/changes': (input) => {
      assertChange(input);
      return { phones: control.change(input) };
    },
    'GET /control/calls': () => readCalls(calls),
    'DELETE /control/calls': () => {
      calls.reset();
      return readCalls(calls);
    },
  };

  return async (request, response) => {
    const path = request.url?.split('?')[0];
    const route = routes[`${request.method} ${path}`];
    if (route === undefined)
      return sendJson(response, 404, { error: 'no such route', routes: Object.keys(routes) });
    try {
      sendJson(response, 200, route(parseInput(await readBody(request))));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      sendJson(response, 400, { error: error.message });
    }
  };
}

function readCalls(calls: CallLog): object {
  const { total, byApp, inFlight, peakInFlight, abandoned, connections, recent } = calls;
  return { total, byApp, inFlight, peakInFlight, abandoned, connections, recent };
}

function parseInput(bodyText: string | undefined): unknown {
  if (bodyText === undefined) throw new InputError('the body is too large');
  try {
    return bodyText === '' ? undefined : JSON.parse(bodyText);
  } catch {
    throw new InputError('the body is not JSON');
  }
}

function sendJson(response: ServerResponse, httpStatus: number, value: unknown): void {
  response.writeHead(httpStatus, { 'Content-Type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}
