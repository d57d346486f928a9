import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where lines go, and how much of them is kept. */
export interface RotatingFileOptions {
  readonly path: string;
  /** A line that would make the file larger than this begins a new one. */
  readonly maxOctets: number;
  /** How many full files are kept beside the current one: `path.1` is the newest, `path.<keepFiles>` the oldest. */
  readonly keepFiles: number;
}

/** A file of lines, mode 0600, of bounded size. It never throws while lines are written: a log must not stop a door. */
export interface RotatingFile {
  /** Lines that could not be written, such as for a full disk. */
  readonly lostLines: number;
  write(line: string): void;
  /** Opens `path` anew, for whoever has moved the file away (logrotate(8)). */
  reopen(): void;
  close(): void;
}

/** Opens `options.path`, appending; its folder is made with mode 0700. @throws the system's error when it cannot be opened */
export function openRotatingFile({ path, maxOctets, keepFiles }: RotatingFileOptions): RotatingFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file: number | undefined;
  let sizeOctets = 0;
  let lostLines = 0;

  const open = (): void => {
    // A link laid in the way would make this process write into a file of somebody else's choice.
    file = openSync(
      path,
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
      0o600,
    );
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    sizeOctets = fstatSync(file).size;
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const rotate = (): void => {
    close();
    for (let n = keepFiles; n >= 1; n--) {
      try {
        renameSync(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      }
    }
    open();
  };

  open();
  return {
    get lostLines() {
      return lostLines;
    },
    write(line) {
      try {
        const octets = Buffer.from(line, 'utf8');
        if (file === undefined) open();
        if (sizeOctets > 0 && sizeOctets + octets.length > maxOctets) rotate();
        if (file === undefined) return;
        let written = 0;
        while (written < octets.length) written += writeSync(file, octets, written);
        sizeOctets += octets.length;
      } catch {
        lostLines++;
      }
    },
    reopen() {
      try {
        close();
        open();
      } catch {
        // The next line tries again.
      }
    },
    close,
  };
}
