import type { Failure } from './api.ts';
import { adviseOn } from './failure-text.ts';

export function FailureNote({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{failure.message}</strong> {adviseOn(failure)}
        {failure.retryAfterMs !== undefined && ` In ${Math.ceil(failure.retryAfterMs / 1000)} s it may work.`}
      </p>
      <p class="small">
        {failure.code}
        {failure.requestId === undefined ? '' : `, request ${failure.requestId}`}
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
