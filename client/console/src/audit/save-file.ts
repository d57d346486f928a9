/** Long texts go to the browser in pieces of this many characters, so that it can keep them outside its memory. */
const PIECE_CHARACTERS = 1_048_576;

/** Gathers the lines of a file as they come, and hands them to the browser's downloads. */
export interface LineFile {
  readonly add: (line: string) => void;
  readonly save: (name: string, type: string) => void;
}

/** A file whose lines are each ended by a line feed. */
export function createLineFile(): LineFile {
  const pieces: Blob[] = [];
  let rest = '';
  const flush = (): void => {
    pieces.push(new Blob([rest]));
    rest = '';
  };
  return {
    add(line) {
      rest += `${line}\n`;
      if (rest.length >= PIECE_CHARACTERS) flush();
    },
    save(name, type) {
      flush();
      saveBlob(new Blob(pieces, { type }), name);
    },
  };
}

/** Hands a file to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; the browser holds what it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
