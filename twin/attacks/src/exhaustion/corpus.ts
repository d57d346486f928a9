import { gzipSync } from 'node:zlib';

/** One hostile request. `refused` are the statuses that are a right answer to it. */
export interface Hostile {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly refused: readonly number[];
}

const MANIFEST_OCTETS = 4_194_304;
const BODY_OCTETS = 65_536;
const json = (text: string): Buffer => Buffer.from(text);
const post = (name: string, path: string, body: Buffer, refused: readonly number[] = [400]): Hostile => ({
  name,
  method: 'POST',
  path,
  body,
  refused,
});
const nested = (open: string, close: string, octets: number): Buffer => {
  const times = Math.floor((octets - 16) / (open.length + close.length));
  return json(`{"manifest":${open.repeat(times)}1${close.repeat(times)}}`);
};
const fill = (item: (n: number) => string, octets: number, begin: string, end: string): Buffer => {
  const items: string[] = [];
  for (let n = 0, size = 16; ; n++) {
    const next = item(n);
    size += next.length + 1;
    if (size > octets - 64) break;
    items.push(next);
  }
  return json(`${begin}${items.join(',')}${end}`);
};

/** Requests that are small to make and would be dear to answer, or that reach for what is not theirs. */
export function hostileRequests(propertyId: string): readonly Hostile[] {
  const door = `"property_id":"${propertyId}"`;
  return [
    post('lists in lists, 4 MiB', '/v1/manifests', nested('[', ']', MANIFEST_OCTETS)),
    post('objects in objects, 4 MiB', '/v1/manifests', nested('{"a":', '}', MANIFEST_OCTETS)),
    post('lists never closed, 4 MiB', '/v1/manifests', json('['.repeat(MANIFEST_OCTETS - 16))),
    post('lists in lists, 64 KiB', '/v1/doors', nested('[', ']', BODY_OCTETS)),
    post(
      'hundreds of thousands of members',
      '/v1/manifests',
      fill((n) => `"k${n}":1`, MANIFEST_OCTETS, '{', '}'),
    ),
    post(
      'two million items',
      '/v1/manifests',
      fill(() => '1', MANIFEST_OCTETS, '{"manifest":{"locks":[', ']}}'),
    ),
    post(
      'ten thousand locks that are none',
      '/v1/manifests',
      fill(() => '{}', 30_000, '{"manifest":{"locks":[', ']}}'),
    ),
    post(
      'thousands of members, 64 KiB',
      '/v1/doors',
      fill((n) => `"k${n}":1`, BODY_OCTETS, '{', '}'),
    ),
    post('white space, 4 MiB', '/v1/manifests', json(`{"a":1${' '.repeat(MANIFEST_OCTETS - 16)}`)),
    post('one text of 4 MiB', '/v1/manifests', json(`{"manifest":"${'\\"'.repeat(MANIFEST_OCTETS / 2 - 16)}"}`)),
    post('a text of escapes, 4 MiB', '/v1/manifests', json(`{"manifest":"${'\\u0000'.repeat(600_000)}"}`)),
    post('more than 4 MiB', '/v1/manifests', json(`{"a":"${'x'.repeat(MANIFEST_OCTETS)}"}`), [413]),
    post('more than 64 KiB', '/v1/doors', json(`{"a":"${'x'.repeat(BODY_OCTETS)}"}`), [413]),
    post('a name of 60,000 blanks', '/v1/doors', json(`{${door},"name":"a${' '.repeat(60_000)}b"}`)),
    post(
      'an e-mail address of 60,000 characters',
      '/v1/persons',
      json(
        `{"name":"N","role":"guest","password":"long enough words","email":"${'a.'.repeat(30_000)}@${'b.'.repeat(10)}"}`,
      ),
    ),
    post('a number beyond all bounds', '/v1/floors', json(`{${door},"name":"F","level":1e999}`)),
    post('a number below all bounds', '/v1/floors', json(`{${door},"name":"F","level":-1e999}`)),
    post('a number of 60,000 digits', '/v1/floors', json(`{${door},"name":"F","level":${'9'.repeat(60_000)}}`)),
    post('a number that is none', '/v1/floors', json(`{${door},"name":"F","level":NaN}`)),
    post('__proto__ in a body', '/v1/doors', json(`{${door},"name":"P1","__proto__":{"polluted":1}}`)),
    post('__proto__ in escapes', '/v1/doors', json(`{${door},"name":"P2","\\u005f\\u005fproto__":{"polluted":1}}`)),
    post(
      'constructor.prototype',
      '/v1/doors',
      json(`{${door},"name":"P3","constructor":{"prototype":{"polluted":1}}}`),
    ),
    post(
      '__proto__ deep in a manifest',
      '/v1/manifests',
      json('{"manifest":{"locks":[{"__proto__":{"polluted":1}}]}}'),
    ),
    {
      name: '__proto__ in a query',
      method: 'GET',
      path: '/v1/doors?__proto__=1&__proto__[polluted]=1&constructor[prototype][polluted]=1',
      refused: [400],
    },
    { name: 'a query of 400 cursors', method: 'GET', path: `/v1/doors?${'cursor=a&'.repeat(400)}`, refused: [400] },
    { name: 'limit beyond all bounds', method: 'GET', path: '/v1/doors?limit=99999999999999999999', refused: [400] },
    {
      name: 'an id of 10,000 characters',
      method: 'GET',
      path: `/v1/doors/door_${'a'.repeat(10_000)}`,
      refused: [400, 404],
    },
    { name: 'half an escape in a path', method: 'GET', path: '/v1/doors/%E0%A4%A', refused: [400, 404] },
    {
      name: 'a bomb: 4 MiB in 4 KiB',
      method: 'POST',
      path: '/v1/manifests',
      body: gzipSync(Buffer.alloc(MANIFEST_OCTETS, 0x20)),
      headers: { 'content-encoding': 'gzip' },
      refused: [415],
    },
    {
      name: 'a thousand cookies',
      method: 'GET',
      path: '/v1/doors/door_0',
      headers: { cookie: 'a=1; '.repeat(1000) },
      refused: [404],
    },
    {
      name: 'tags without end in If-None-Match',
      method: 'GET',
      path: '/v1/doors/door_0',
      headers: { 'if-none-match': '"a",'.repeat(2000) },
      refused: [404],
    },
    {
      name: 'a bearer of 8,000 blanks',
      method: 'GET',
      path: '/v1/doors',
      headers: { authorization: `Bearer${' '.repeat(8000)}!` },
      refused: [401],
    },
  ];
}
