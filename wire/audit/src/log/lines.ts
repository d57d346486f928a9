import { AuditError } from '../errors.ts';

/** Longest line that is read: more than a leaf or a head can have. */
const LINE_MOST_CHARACTERS = 65_536;

/** The lines of a text that comes in pieces; each is ended by a line feed. @throws AuditError `malformed` */
export async function* linesIn(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LINE_MOST_CHARACTERS) throw new AuditError('malformed', 'lines', 'a line has no end');
  }
  if (rest !== '') throw new AuditError('malformed', 'lines', 'the last line has no end: the file was cut');
}
