import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printSchemaFiles } from './graph/schema-file.ts';

/** Writes `schema/`, the contract as text; with `--check` it only says which of its files are stale. */
const { check: isCheck } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
for (const { name, text } of printSchemaFiles()) {
  const file = new URL(`../schema/${name}`, import.meta.url);
  if (!isCheck) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`schema/${name} is stale: run "npm run schema" and commit what changes.`);
    process.exitCode = 1;
  }
}
