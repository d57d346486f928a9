import { expect, it } from 'vitest';
import { isPlainText, isServiceWorker } from '../src/trusted-types.ts';

const ORIGIN = 'https://hotel.example';

it.each([
  ['.a > .b { color: red; }', true],
  ['', true],
  ['<b>bold</b>', false],
  ['</style><script>x()</script>', false],
  ['a &lt; b', false],
])('text that makes no element passes, markup does not: %j', (text, passes) => {
  expect(isPlainText(text)).toBe(passes);
});

it.each([
  ['/phone/worker.js', true],
  [`${ORIGIN}/phone/worker.js`, true],
  ['/phone/../phone/worker.js', true],
  ['/phone/worker.js?x', false],
  ['/console/worker.js', false],
  ['https://elsewhere.example/phone/worker.js', false],
  ['//elsewhere.example/phone/worker.js', false],
  ['javascript:x()', false],
  ['data:text/javascript,x()', false],
  ['https://[', false],
])('the service worker is the one script that is loaded by its address: %j', (url, passes) => {
  expect(isServiceWorker(url, ORIGIN)).toBe(passes);
});
