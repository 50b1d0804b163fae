import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether one of the sources is newer than what was built from them. */
export async function isStale(root, built) {
  const builtAt = await findTime(built);
  if (builtAt === undefined) return true;
  const sources = ['package.json', 'package-lock.json', 'packaging/build.mjs', 'packaging/browse-page.mjs'];
  // Of a folder the time tells that a file was added to it, or taken away.
  for (const entry of await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    sources.push(join(entry.parentPath, entry.name).slice(root.length));
  const times = await Promise.all(['src', ...sources].map((path) => findTime(join(root, path))));
  return times.some((time) => time !== undefined && time > builtAt);
}

async function findTime(path) {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}
