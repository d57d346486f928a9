/** How long ago `at` (RFC 3339) was at `nowMs`, for people: `12 s ago`, `3 h ago`, `never` for null. */
export function ago(at: string | null | undefined, nowMs: number): string {
  if (at === null || at === undefined) return 'never';
  const seconds = Math.round((nowMs - Date.parse(at)) / 1000);
  if (seconds < 0) return `in ${span(-seconds)}`;
  return seconds < 1 ? 'now' : `${span(seconds)} ago`;
}

function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
