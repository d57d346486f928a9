/** What may be logged of something thrown: its name alone. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
