/** The kinds of file that are read. */
export type ImportFormat = 'csv' | 'ical';

/** What became of one line: the same file again leaves everything `unchanged`. */
export interface ImportLine {
  readonly line: number;
  readonly reference: string | null;
  readonly result: 'added' | 'changed' | 'cancelled' | 'unchanged' | 'refused';
  readonly stayId: string | null;
  /** Of a refusal: the column or property to mend. */
  readonly field: string | null;
  readonly message: string | null;
}

/** What became of a file. */
export interface ImportAnswer {
  readonly dryRun: boolean;
  readonly lines: readonly ImportLine[];
}
