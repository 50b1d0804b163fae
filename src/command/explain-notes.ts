/** What the report of `explain` holds, for its help. A line is at most 100 characters long. */
export const EXPLAIN_NOTES: readonly string[] = [
  'In it: the pages that the query reads of each app that is served, with nothing kept. The apps are',
  "those of ITNIO_APPS, or the sandbox's where no vendor account is configured. A query that the gateway",
  'refuses to a caller who may do everything is refused here by the same rules, with its code, and so is',
  'one that needs more calls than a request may make. With --as it is asked by one caller: its scopes,',
  'its apps, its limits. Where only callers without a token are refused, a line says so.',
  '',
  "Not in it: what depends on the vendor's answers, such as the fields of a phone's app, further pages",
  'where phones have moved, and the calls of look-ups; what kept rows spare; and limits that depend on',
  'load, time or passwords read before.',
];
