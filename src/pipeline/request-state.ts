import type { RequestInfo, RequestState } from '../context.ts';
import type { OperationParams } from './operation-params.ts';

/**
 * What is known of a request, with places for all that comes to it later. Written out: an object that is spread, or that
 * grows, has a layout of its own, which costs each request more than all the steps that it takes.
 */
export function createRequestState(
  info: RequestInfo,
  params: OperationParams | undefined,
): RequestState & { readonly params: OperationParams | undefined } {
  return {
    requestId: info.requestId,
    clientRequestId: info.clientRequestId,
    traceId: info.traceId,
    clientAddress: info.clientAddress,
    authorization: info.authorization,
    userToken: info.userToken,
    accept: info.accept,
    wantsCost: info.wantsCost,
    signal: info.signal,
    arrivedAt: info.arrivedAt,
    caller: info.caller,
    place: info.place,
    params,
    apps: undefined,
    phones: undefined,
    audit: undefined,
    objects: undefined,
    operationName: undefined,
    isTrustedDocument: false,
    hashToStore: undefined,
  };
}
