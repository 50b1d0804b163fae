import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPage } from '../support/readme.ts';

const ROOT = new URL('../../', import.meta.url);

/** A room of the house: a folder or a file of `src`, and the rooms that it may import. */
interface Room {
  readonly path: string;
  readonly imports: ReadonlySet<string>;
}

/** The table "Folders" is the one source of the directions. */
function readRooms(): readonly Room[] {
  const rooms: Room[] = [];
  for (const [cell = '', , imports = ''] of readPage(new URL('docs/architecture.md', ROOT)).table(
    'Folders',
  )) {
    const path = /`(src\/[^`]+)`/.exec(cell)?.[1] ?? '';
    const allowed =
      imports === 'all' || imports === 'all of the above'
        ? rooms.map((room) => nameOf(room.path))
        : imports.split(', ').filter((name) => name !== 'nothing');
    rooms.push({ path, imports: new Set(allowed) });
  }
  return rooms;
}

function nameOf(path: string): string {
  return path.replace(/^src\/|\.ts$/g, '');
}

function findRoom(rooms: readonly Room[], file: string): Room | undefined {
  return rooms.find(({ path }) => file === path || file.startsWith(`${path}/`));
}

function listImports(file: string): string[] {
  const text = readFileSync(new URL(file, ROOT), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    new URL(target, new URL(file, ROOT)).href.slice(ROOT.href.length),
  );
}

const files = readdirSync(new URL('src', ROOT), { recursive: true })
  .map((name) => `src/${name}`)
  .filter((name) => name.endsWith('.ts'));

describe('an import in src', () => {
  const rooms = readRooms();

  it('is found in every folder that the table lists', () => {
    expect(
      rooms.filter(({ path }) => !files.some((file) => findRoom([...rooms], file)?.path === path)),
    ).toEqual([]);
  });

  it.each(files)('of %s goes where the table of docs/architecture.md lets it', (file) => {
    const room = findRoom(rooms, file);
    const wrong = listImports(file).filter((target) => {
      // No rooms: which version this is, and how the page at `/` is made, which only the build knows.
      if (target === 'package.json' || target === 'packaging/browse-page.mjs') return false;
      const other = findRoom(rooms, target);
      if (room === undefined || other === undefined) return true;
      return other !== room && !room.imports.has(nameOf(other.path));
    });
    expect({ room: room?.path ?? `${file} has no row`, wrong }).toEqual({ room: room?.path, wrong: [] });
  });
});
