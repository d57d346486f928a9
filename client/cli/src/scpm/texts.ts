/** A text that should be one JSON object, and the line on which it begins, from 1. */
export interface JsonText {
  readonly text: string;
  readonly line: number;
}

/**
 * The JSON texts of an input that holds one object, over as many lines as it likes, or one a line. Lines are passed on
 * as they come; only an input whose first line begins an object and does not end it is read whole before. Blank lines
 * are nothing.
 */
export async function* jsonTexts(lines: AsyncIterable<string>): AsyncGenerator<JsonText, void, void> {
  const iterator = lines[Symbol.asyncIterator]();
  let first = true;
  for (let line = 1; ; line++) {
    const next = await iterator.next();
    if (next.done === true) return;
    const text = next.value;
    if (text.trim() === '') continue;
    if (first && text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}')) {
      yield* whole(text, line, iterator);
      return;
    }
    first = false;
    yield { text, line };
  }
}

/** The rest of the input as one object where it is one, otherwise line by line. */
async function* whole(begin: string, line: number, rest: AsyncIterator<string>): AsyncGenerator<JsonText, void, void> {
  const all = [begin];
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) all.push(next.value);
  const text = all.join('\n');
  if (isJson(text)) yield { text, line };
  else for (const [i, one] of all.entries()) if (one.trim() !== '') yield { text: one, line: line + i };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
