import type { Plugin } from 'graphql-yoga';
import type { RequestState } from '../context.ts';

/** A Yoga plugin for requests of this gateway: both what Yoga is handed and what resolvers see is the request's state. */
export type PipelinePlugin = Plugin<RequestState, RequestState>;
