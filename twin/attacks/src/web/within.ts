/**
 * Waits for `work` so long and no longer: a browser that never answers is a failure that says where, not a run without end.
 * @param mostMs milliseconds
 * @throws Error that names `what`, once the time is over; the work itself is left to whoever closes what it uses
 */
export async function within<T>(what: string, mostMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    const late = new Error(`${what}: not over within ${Math.round(mostMs / 1_000)} s`);
    timer = setTimeout(() => reject(late), mostMs);
  });
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
  }
}
