/**
 * Reads JSON in which no object has a key twice; the parser would take the last without a word.
 * A fault names the item of the outermost array, and quotes nothing.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Intentionally without the parser's message: it quotes the text.
    return { fault: 'expected JSON' };
  }
  const item = findRepeatedKey(text);
  return item === undefined ? { value } : { fault: `${item}: the same key twice in one object` };
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Finds the item of the outermost array, counted from 0, that has an object with a key twice. The text is valid JSON. */
function findRepeatedKey(text: string): number | undefined {
  const open: Set<string>[] = [];
  let item = 0;
  let key = '""';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && open.length === 1) item++;
    else if (token === ':') {
      const keys = open.at(-1);
      const name: string = JSON.parse(key);
      if (keys?.has(name)) return item;
      keys?.add(name);
    } else key = token;
  }
  return undefined;
}
