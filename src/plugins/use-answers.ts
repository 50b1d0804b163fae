import { isAsyncIterable } from 'graphql-yoga';
import type { Answers } from './answer.ts';
import type { PipelinePlugin } from './pipeline-plugin.ts';

/** Lets `Gateway.fetch` answer as `Gateway.answer` does: whatever a client accepts, the response is ours. */
export function useAnswers(answers: Answers): PipelinePlugin {
  return {
    onResultProcess({ serverContext, setResultProcessor }) {
      setResultProcessor((result, fetchAPI) => {
        if (Array.isArray(result) || isAsyncIterable(result))
          throw new TypeError('Neither batches nor streams get this far.');
        const { status, headers, body } = answers.present(result, serverContext);
        return new fetchAPI.Response(body, { status, headers });
      }, 'application/json');
    },
  };
}
