import { deepStrictEqual } from 'node:assert';
import { APP_IDS, type Fleet } from './fleet.ts';
import { createPageRequest, createVendorRequest, fetchPageEnds, fetchPhones } from './operation.ts';
import type { ServerProcess } from './server-process.ts';
import { createSubject, type Subject } from './subject.ts';

const APP_ID = 'bench-0';

/**
 * Everything that is measured, in the order of the table.
 *
 * | task | |
 * |---|---|
 * | page of 20 | after one of 499 cursors in turn; one upstream call |
 * | page of 100 | the first page of one of 200 apps in turn; one upstream call |
 * | 100 after a cursor | the gateway reads the cursor's row as well, so two calls; a page number alone takes one |
 * | same again | one page of 20 over and over; the gateway keeps its rows |
 */
export async function createSubjects(fleet: Fleet): Promise<readonly Subject[]> {
  const { proxy, byTheBook, gateway, keepingGateway } = fleet;
  const pagesAfter = async (server: ServerProcess, first: number) =>
    (await fetchPageEnds(server.origin, APP_ID, first)).map((after) =>
      createPageRequest({ appId: APP_ID, first, after }),
    );
  const firstPages = APP_IDS.map((appId) => createPageRequest({ appId, first: 100 }));
  const vendorPages = (size: number) =>
    Array.from({ length: 99 }, (_, index) => createVendorRequest(APP_ID, index + 2, size));
  const oneOf = (requests: readonly Buffer[]) => requests.slice(0, 1);

  return [
    createSubject('page of 20', 'signing proxy', proxy, vendorPages(20)),
    createSubject('page of 20', 'by the book', byTheBook, await pagesAfter(byTheBook, 20)),
    createSubject('page of 20', 'gateway', gateway, await pagesAfter(gateway, 20)),
    createSubject('page of 100', 'signing proxy', proxy, vendorPages(100)),
    createSubject('page of 100', 'by the book', byTheBook, firstPages),
    createSubject('page of 100', 'gateway', gateway, firstPages),
    createSubject('100 after a cursor', 'by the book', byTheBook, await pagesAfter(byTheBook, 100)),
    createSubject('100 after a cursor', 'gateway', gateway, await pagesAfter(gateway, 100)),
    createSubject('same again', 'signing proxy', proxy, oneOf(vendorPages(20))),
    createSubject('same again', 'by the book', byTheBook, oneOf(await pagesAfter(byTheBook, 20))),
    createSubject('same again', 'gateway', keepingGateway, oneOf(await pagesAfter(keepingGateway, 20))),
  ];
}

/** @throws {AssertionError} unless both ways to a page, whatever their cursors, give the same rows. */
export async function assertSameAnswers({ byTheBook, gateway, keepingGateway }: Fleet): Promise<void> {
  const read = async ({ origin }: ServerProcess) => {
    const head = await fetchPhones(origin, { appId: APP_ID, first: 100 });
    const next = await fetchPhones(origin, { appId: APP_ID, first: 20, after: head.edges.at(-1)?.cursor });
    return [head, next].map(({ totalCount, pageInfo: { hasNextPage, hasPreviousPage }, edges }) => ({
      totalCount,
      hasNextPage,
      hasPreviousPage,
      nodes: edges.map(({ node: { account, phoneName, groupName, displayNum } }) => ({
        account,
        phoneName,
        groupName,
        displayNum,
      })),
    }));
  };
  const expected = await read(byTheBook);
  deepStrictEqual(await read(gateway), expected);
  deepStrictEqual(await read(keepingGateway), expected);
}
