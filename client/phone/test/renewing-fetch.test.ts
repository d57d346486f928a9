import { describe, expect, it } from 'vitest';
import { renewingFetch } from '../src/own/renewing-fetch.ts';

/** A server at which a session is over until it is begun anew; `allowed`: whether the key may. */
function server(allowed: boolean, code = 'not_signed_in') {
  let session = false;
  const seen = { asked: 0, renewed: 0 };
  const plain: typeof fetch = async () => {
    seen.asked++;
    return session ? Response.json({}) : Response.json({ code }, { status: 401 });
  };
  const renew = async (): Promise<boolean> => {
    seen.renewed++;
    session = allowed;
    return allowed;
  };
  return { ask: () => renewingFetch(plain, renew), seen };
}

describe('a session that is over', () => {
  it('is begun anew by the phone’s key, and the request is made again', async () => {
    const { ask, seen } = server(true);
    expect((await ask()('/v1/me/doors')).status).toBe(200);
    expect(seen).toEqual({ asked: 2, renewed: 1 });
  });

  it('is begun once for all requests that wait for it', async () => {
    const { ask, seen } = server(true);
    const fetchIt = ask();
    const answers = await Promise.all([fetchIt('/v1/me/doors'), fetchIt('/v1/me'), fetchIt('/v1/phones')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(seen.renewed).toBe(1);
  });

  it('stays over where the key may not, and the refusal is handed on', async () => {
    const { ask, seen } = server(false);
    const response = await ask()('/v1/me/doors');
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: 'not_signed_in' });
    expect(seen).toEqual({ asked: 1, renewed: 1 });
  });

  it('is not what a wrong password is', async () => {
    const { ask, seen } = server(true, 'bad_credentials');
    expect((await ask()('/v1/me/erase')).status).toBe(401);
    expect(seen.renewed).toBe(0);
  });
});
