import { describe, expect, it } from 'vitest';
import { keptAnswer } from '../src/worker/answer.ts';
import { cacheNameOf, outdatedCaches } from '../src/worker/precache.ts';

const ORIGIN = 'https://cardea.example.org';
const PRECACHE = { version: 'v2', pageHash: '00', files: ['/phone/', '/phone/assets/index-1.js'] };
const asked = (path: string, more: { method?: string; mode?: string; origin?: string } = {}) =>
  keptAnswer(
    { url: `${more.origin ?? ORIGIN}${path}`, method: more.method ?? 'GET', mode: more.mode ?? 'same-origin' },
    ORIGIN,
    PRECACHE,
  );

describe('the service worker', () => {
  it('answers the files of its build from what it keeps', () => {
    expect(asked('/phone/assets/index-1.js')).toBe('/phone/assets/index-1.js');
  });

  it.each(['/phone/', '/phone/join', '/phone/visitors', '/phone/join?from=mail'])(
    'answers the address %s by the one page',
    (path) => {
      expect(asked(path, { mode: 'navigate' })).toBe('/phone/');
    },
  );

  it.each([
    ['the API', '/v1/me/doors', 'GET', 'cors'],
    ['the API opened as a page', '/v1/openapi.json', 'GET', 'navigate'],
    ['the console', '/console/', 'GET', 'navigate'],
    ['a file of another build', '/phone/assets/index-0.js', 'GET', 'no-cors'],
    ['a file that is opened as a page', '/phone/worker.js', 'GET', 'navigate'],
    ['anything that changes something', '/phone/', 'POST', 'navigate'],
  ])('leaves %s to the network', (_, path, method, mode) => {
    expect(asked(path, { method, mode })).toBeUndefined();
  });

  it('leaves other servers to the network', () => {
    expect(asked('/phone/', { origin: 'https://other.example.org', mode: 'navigate' })).toBeUndefined();
  });

  it('removes what older builds kept, and nothing of others', () => {
    const current = cacheNameOf(PRECACHE);
    const older = cacheNameOf({ ...PRECACHE, version: 'v1' });
    expect(outdatedCaches([older, current, 'console-v1'], PRECACHE)).toEqual([older]);
  });
});
