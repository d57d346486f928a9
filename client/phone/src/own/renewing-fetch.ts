/**
 * A fetch that begins a new session when the server says that there is none any more, and asks once more: whoever has a phone
 * with a key types no password every twelve hours. `renew` answers whether there is a session now; it is asked once for all
 * requests that wait.
 */
export function renewingFetch(plainFetch: typeof fetch, renew: () => Promise<boolean>): typeof fetch {
  let underWay: Promise<boolean> | undefined;
  return async (input, init) => {
    const response = await plainFetch(input, init);
    if (!(await saysNotSignedIn(response))) return response;
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return (await underWay) ? plainFetch(input, init) : response;
  };
}

/** A wrong password is 401 as well, and no reason to begin a session. */
async function saysNotSignedIn(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'not_signed_in';
}
