import { readFileSync, writeFileSync } from 'node:fs';
import { printSchemaFiles } from './graph/schema-file.ts';

/** Writes `schema/`, the contract as text; with `--check` it only says which of its files are stale. */
const isCheck = process.argv.includes('--check');
for (const { name, text } of printSchemaFiles()) {
  const file = new URL(`../schema/${name}`, import.meta.url);
  if (!isCheck) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`schema/${name} is stale: run "npm run schema" and commit what changes.`);
    process.exitCode = 1;
  }
}
