import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../typed/generated/gql-tada.d.ts';

/** `graphql('query …')` is a document whose data and variables are typed by its text: nothing is generated for it. */
export const graphql = initGraphQLTada<{ introspection: introspection; scalars: { ID: string } }>();
