import { describe, expect, it } from 'vitest';
import { watchReach } from '../src/own/reach.ts';

/** A server that answers what it is told, one after the other; an Error is silence. */
function watched(...answers: readonly (number | Error)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const fetchIt: typeof fetch = async (input) => {
    asked.push(String(input));
    const next = left.shift();
    if (next === undefined || next instanceof Error) throw next ?? new TypeError('Failed to fetch');
    return new Response(null, { status: next });
  };
  const watch = watchReach(fetchIt, () => 5_000);
  const seen: string[] = [];
  watch.onChange(() => seen.push(watch.reach));
  return { watch, asked, seen };
}

describe('whether the server answers', () => {
  it('is not known before anything was asked', () => {
    expect(watched().watch).toMatchObject({ reach: 'unknown', notedAt: 0 });
  });

  it('is told by any answer of it, also a refusal', async () => {
    const { watch } = watched(401);
    await watch.fetch('/v1/me');
    expect(watch).toMatchObject({ reach: 'answers', notedAt: 5_000 });
  });

  it.each([502, 503, 504])('is no when what stands before it says %i', async (status) => {
    const { watch } = watched(status);
    await watch.fetch('/v1/me');
    expect(watch.reach).toBe('silent');
  });

  it('is no when no answer came, and yes again with the next one', async () => {
    const { watch, seen } = watched(200, new TypeError('Failed to fetch'), 200);
    await watch.probe();
    await watch.probe();
    await watch.probe();
    expect(seen).toEqual(['answers', 'silent', 'answers']);
  });

  it('is no when an answer took too long', async () => {
    const { watch } = watched(new DOMException('late', 'TimeoutError'));
    const signal = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    await expect(watch.fetch('/v1/me', { signal })).rejects.toThrow('late');
    expect(watch.reach).toBe('silent');
  });

  it('is not told by a request that the app gave up', async () => {
    const { watch } = watched(200, new DOMException('given up', 'AbortError'));
    await watch.probe();
    await expect(watch.fetch('/v1/me', { signal: AbortSignal.abort() })).rejects.toThrow('given up');
    expect(watch.reach).toBe('answers');
  });

  it('is no at once when the browser says that there is no network', () => {
    const { watch, asked } = watched();
    watch.noNetwork();
    expect(watch.reach).toBe('silent');
    expect(asked).toEqual([]);
  });
});
