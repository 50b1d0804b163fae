import { Octokit } from '@octokit/core';
import { paginateGraphQL } from '@octokit/plugin-paginate-graphql';

/** @param {string} origin such as `http://127.0.0.1:4000`; Octokit adds `/graphql`. @param {{ token?: string }} [options] */
export function createOctokit(origin, { token } = {}) {
  const Client = Octokit.plugin(paginateGraphQL);
  return new Client({ baseUrl: origin, ...(token === undefined ? {} : { auth: token }) });
}
