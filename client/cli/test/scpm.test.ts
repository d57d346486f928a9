import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonTexts } from '../src/scpm/texts.ts';
import { cardea, listed } from './fake-client.ts';

const KEY = '000102030405060708090a0b0c0d0e0f';
const HEAD = { key: KEY, snf: 7, sa: '020000000001', da: '020000000002' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-scpm-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Served {
  readonly code: number;
  readonly answers: readonly Record<string, unknown>[];
  readonly err: string;
}

async function served(verb: 'seal' | 'open', ...asked: readonly (object | string)[]): Promise<Served> {
  const lines = asked.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const { code, out, err } = await cardea(['scpm', verb], {}, { lines });
  const answers = out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { code, answers, err };
}

async function sealed(asked: object): Promise<string> {
  const { code, answers, err } = await served('seal', asked);
  expect([code, err, answers.length, Object.keys(answers[0] ?? {})]).toEqual([0, '', 1, ['frame']]);
  return String(answers[0]?.frame);
}

async function opened(asked: object): Promise<Record<string, unknown>> {
  const { code, answers, err } = await served('open', asked);
  expect([err, answers.length]).toEqual(['', 1]);
  expect(code).toBe(answers[0]?.verdict === 'ok' ? 0 : 3);
  return answers[0] ?? {};
}

/** `hex` with one octet, counted from its begin or its end, exchanged. */
function exchanged(hex: string, at: number, change: (octet: number) => number): string {
  const octets = Buffer.from(hex, 'hex');
  const i = at < 0 ? octets.length + at : at;
  octets[i] = change(octets[i]!);
  return octets.toString('hex');
}

describe('scpm seal', () => {
  it('takes what is not given as usual: hardened, CBC, user key, both services, a request, no PADATA', async () => {
    const short = await sealed(HEAD);
    const whole = { profile: 'hardened', algorithm: 1, keyIndex: 1, dh: false, services: 'auth+enc', response: false };
    expect(await sealed({ ...HEAD, ...whole, padata: '', ivLayout: 'repeat' })).toBe(short);
    expect(await sealed({ ...HEAD, failure: null, ivLayout: null, padata: null })).toBe(short);
    expect(await opened({ key: KEY, frame: short })).toEqual({
      verdict: 'ok',
      sa: HEAD.sa,
      da: HEAD.da,
      keyIndex: 1,
      dh: false,
      services: 'auth+enc',
      response: false,
      failure: null,
      snf: 7,
      padata: '',
    });
  });

  it('takes octets as they are written on cases: capitals, colons, blanks', async () => {
    const written = { ...HEAD, key: KEY.toUpperCase(), sa: '02:00:00:00:00:01', padata: '48 65-6C' };
    expect(await sealed(written)).toBe(await sealed({ ...HEAD, padata: '48656c' }));
  });

  it.each([
    [{ key: undefined }, 'key', /key is not there/],
    [{ key: KEY.slice(2) }, 'key', /key: has 16 octets, not 15/],
    [{ key: `${KEY}0` }, 'key', /key is not hex/],
    [{ key: 1 }, 'key', /key is not a text/],
    [{ snf: undefined }, 'snf', /snf is not there.*0 to 4294967295/],
    [{ snf: 4294967296 }, 'snf', /snf is no such number/],
    [{ snf: -1 }, 'snf', /snf is no such number/],
    [{ snf: 1.5 }, 'snf', /snf is no such number/],
    [{ snf: '7' }, 'snf', /snf is no such number/],
    [{ sa: '0201' }, 'da', /da: must have 2 octets/],
    [{ sa: '020102' }, 'sa', /sa: an address has 6 octets or 2/],
    [{ keyIndex: 16 }, 'keyIndex', /keyIndex is no such number.*0 to 15/],
    [{ services: 'none' }, 'services', /services .*write "auth" or "enc" or "auth\+enc"/],
    [{ services: 'enc', algorithm: 2 }, 'services', /services: AES-CCM always authenticates/],
    [{ algorithm: 3 }, 'algorithm', /algorithm .*write 1 or 2/],
    [{ algorithm: 2, profile: 'standard' }, 'algorithm', /algorithm: the profile standard/],
    [{ profile: 'weak' }, 'profile', /profile .*"standard" or "hardened"/],
    [{ ivLayout: 'leftZero' }, 'ivLayout', /ivLayout: only the profile standard/],
    [{ response: 'yes' }, 'response', /response is neither true nor false/],
    [{ padata: '00'.repeat(256) }, 'padata', /padata: has at most 255 octets, not 256/],
    [{ failure: 'snf', response: false, copied: '00' }, 'failure', /failure: only a response/],
    [{ failure: 'snf' }, 'copied', /copied is not there/],
    [{ failure: 'snf', copied: '00', padata: '00' }, 'padata', /padata is in no failure answer/],
    [{ copied: '00' }, 'copied', /copied belongs to a failure answer/],
    [{ padta: '00' }, 'padta', /padta is not known; there are profile, key, .*padata/],
    [{ frame: '80' }, 'frame', /frame is not known/],
  ])('%j is refused by the name of the key, with what to write (%#)', async (change, field, message) => {
    const { code, answers, err } = await served('seal', { ...HEAD, ...change });
    expect(code).toBe(2);
    const remedy = expect.any(String);
    expect(answers).toEqual([{ error: { code: 'usage', field, message: expect.stringMatching(field), remedy } }]);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['a key that is misspelt', { ...HEAD, key: `${KEY.slice(2)}zz` }],
    ['a key under a wrong name', { ...HEAD, [KEY]: 1 }],
    ['a key in the wrong place', { ...HEAD, services: KEY }],
    ['a key in what is no JSON', `{"key": "${KEY}", "snf": }`],
    ['a key in JSON that is cut off', `{"key": "${KEY}`],
  ])('never repeats %s', async (_, asked) => {
    const { code, answers, err } = await served('seal', asked);
    expect(code).toBe(2);
    expect(JSON.stringify(answers) + err).not.toContain(KEY.slice(2, 20));
  });
});

describe('scpm open', () => {
  const cases: readonly object[] = [
    {},
    { services: 'auth' },
    { services: 'enc' },
    { algorithm: 2 },
    { algorithm: 2, services: 'auth' },
    { profile: 'standard' },
    { profile: 'standard', services: 'enc', ivLayout: 'leftZero' },
    { profile: 'standard', ivLayout: 'rightZero' },
    { sa: '0102', da: '0304' },
    { response: true, keyIndex: 15, dh: true, snf: 4294967295 },
  ];

  it.each(cases)('opens what seal made of %j, given the same object and the frame', async (change) => {
    const asked = { ...HEAD, ...change, padata: '0102' };
    const answer = await opened({ ...asked, frame: await sealed(asked) });
    expect(answer).toMatchObject({ verdict: 'ok', padata: '0102', failure: null });
    const { key: _, profile: __, algorithm: ___, ivLayout: ____, ...head } = asked as Record<string, unknown>;
    expect(answer).toMatchObject(head);
  });

  it.each(['auth', 'enc', 'auth+enc'])('shows what a failure answer copies, of a request for %s', async (services) => {
    const asked = { ...HEAD, services, failure: 'decrypt', copied: '000102030405060708090a0b0c0d0e0f' };
    const { verdict, failure, response, copied, ...rest } = await opened({ key: KEY, frame: await sealed(asked) });
    // Nothing proves an answer without authentication.
    const proved = services === 'enc' ? 'decrypt' : 'ok';
    expect([verdict, failure, response, copied]).toEqual([proved, 'decrypt', true, asked.copied]);
    expect(rest).not.toHaveProperty('padata');
  });

  it('names the check that failed, and never shows PADATA then', async () => {
    const frame = await sealed({ ...HEAD, padata: '0102' });
    const plain = await sealed({ ...HEAD, services: 'auth', padata: '0102' });
    const secret = await sealed({ ...HEAD, services: 'enc', padata: '0102' });
    const flip = (octet: number) => octet ^ 1;
    const asked: readonly (readonly [object, string])[] = [
      [{ frame, snf: 8 }, 'snf'],
      [{ frame, snf: 7 }, 'ok'],
      [{ frame: exchanged(frame, -1, flip) }, 'mdas'],
      [{ frame: exchanged(frame, 1, flip) }, 'mdas'],
      [{ frame, key: KEY.replace('00', 'ff') }, 'mdas'],
      [{ frame: exchanged(plain, -18, flip) }, 'bcc'],
      [{ frame: exchanged(plain, -1, flip) }, 'mdas'],
      [{ frame: secret, key: KEY.replace('00', 'ff') }, 'decrypt'],
      [{ frame: secret, snf: 8 }, 'ok'],
    ];
    for (const [change, verdict] of asked) {
      const answer = await opened({ key: KEY, ...change });
      expect(answer).toMatchObject({ verdict, snf: 7, keyIndex: 1, services: expect.any(String) });
      expect('padata' in answer).toBe(verdict === 'ok');
      expect(answer).not.toHaveProperty('detail');
    }
  });

  it('says what is wrong with a frame that is none, and shows the fields that are there', async () => {
    const frame = await sealed({ ...HEAD, padata: '0102' });
    const at = async (changed: string) => opened({ key: KEY, frame: changed });
    expect(await at('')).toEqual({ verdict: 'format', detail: expect.stringMatching(/^hd: /) });
    expect(await at(frame.slice(0, 16))).toEqual({ verdict: 'format', detail: expect.any(String), sa: HEAD.sa });
    const cut = await at(frame.slice(0, -2));
    expect(cut).toMatchObject({ verdict: 'format', detail: 'bc: says 38 octets, there are 37', da: HEAD.da, snf: 7 });
    const ordinary = await at(exchanged(frame, 0, () => 0));
    expect(ordinary).toEqual({ verdict: 'format', detail: expect.stringMatching(/^hd: /), sa: HEAD.sa, da: HEAD.da });
    const reserved = await at(exchanged(frame, 15, (octet) => octet | 0x20));
    expect(reserved).toMatchObject({ verdict: 'format', detail: expect.stringMatching(/reserved/), keyIndex: 1 });
    expect(reserved).not.toHaveProperty('services');
    const neither = await at(exchanged(frame, 15, (octet) => octet | 0xc0));
    expect(neither).toMatchObject({ verdict: 'format', detail: expect.stringMatching(/^shd: /), snf: 7 });
    const ccm = await opened({ key: KEY, algorithm: 2, frame: await sealed({ ...HEAD, services: 'enc' }) });
    expect(ccm).toMatchObject({ verdict: 'format', detail: expect.stringMatching(/^services: /), services: 'enc' });
  });

  it('an error of whoever asks is no verdict on the frame', async () => {
    for (const change of [{ frame: undefined }, { frame: '8' }, { key: undefined }, { key: '00' }, { snf: 'x' }]) {
      const { code, answers } = await served('open', { key: KEY, frame: '80', ...change });
      expect(code).toBe(2);
      expect(answers[0]).toEqual({ error: expect.objectContaining({ field: Object.keys(change)[0] }) });
    }
  });
});

describe('many on standard input', () => {
  it('answers a line each, in order; a wrong one by its error, and the others still', async () => {
    const { code, answers, err } = await served('seal', HEAD, '', 'nonsense', { ...HEAD, sa: 5 }, '[]', HEAD);
    expect(code).toBe(2);
    expect(answers.map((answer) => Object.keys(answer))).toEqual([
      ['frame'],
      ['error'],
      ['error'],
      ['error'],
      ['frame'],
    ]);
    expect(answers.map(({ error }) => (error as { field?: string } | undefined)?.field)).toEqual([
      undefined,
      'JSON',
      'sa',
      'JSON',
      undefined,
    ]);
    expect(err).toMatch(/3 of 5 are wrong, the first on line 3: JSON is malformed/);
  });

  it('a frame that is not ok makes exit status 3, a wrong line 2', async () => {
    const frame = await sealed(HEAD);
    const good = { key: KEY, frame };
    const bad = { key: KEY, frame: exchanged(frame, -1, (octet) => octet ^ 1) };
    expect((await served('open', good, good)).code).toBe(0);
    expect((await served('open', good, bad, good)).code).toBe(3);
    expect((await served('open', bad, '{}', good)).code).toBe(2);
  });

  it('takes one object over several lines, from a file, - or no file', async () => {
    const text = JSON.stringify(HEAD, null, 2);
    const frame = await sealed(HEAD);
    const file = join(folder, 'one.json');
    writeFileSync(file, text);
    for (const [args, lines] of [
      [[file], []],
      [['-'], text.split('\n')],
      [[], text.split('\n')],
    ] as const) {
      const ran = await cardea(['scpm', 'seal', ...args], {}, { lines });
      expect([ran.code, ran.err, ran.out]).toEqual([0, '', `${JSON.stringify({ frame })}\n`]);
    }
  });

  it('a first line that is cut off spoils no other', async () => {
    const { answers } = await served('seal', JSON.stringify(HEAD).slice(0, -9), HEAD);
    expect(answers.map((answer) => Object.keys(answer)[0])).toEqual(['error', 'frame']);
  });

  it('passes each line on before the next is there', async () => {
    let asked = 0;
    async function* lines(): AsyncGenerator<string, void, void> {
      for (asked = 1; ; asked++) yield '{}';
    }
    const texts = jsonTexts(lines());
    expect((await texts.next()).value).toEqual({ text: '{}', line: 1 });
    expect(asked).toBe(1);
    expect((await texts.next()).value).toEqual({ text: '{}', line: 2 });
  });

  it('nothing at all is an error that says what to write', async () => {
    const ran = await cardea(['scpm', 'seal'], {}, { lines: ['', ' '] });
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatch(/there is no JSON object; write one/);
    expect((await cardea(['scpm', 'open', join(folder, 'none.json')])).code).toBe(2);
    expect(await collected(jsonTexts(listed()))).toEqual([]);
  });

  it('the real program reads the real standard input', () => {
    const program = fileURLToPath(new URL('../../../app/bin/cardea.mjs', import.meta.url));
    const input = `${JSON.stringify(HEAD)}\n${JSON.stringify({ ...HEAD, snf: 8 })}`;
    const out = execFileSync(process.execPath, [program, 'scpm', 'seal'], { input, encoding: 'utf8' });
    expect(out).toMatch(/^\{"frame":"80[0-9a-f]+"\}\n\{"frame":"80[0-9a-f]+"\}\n$/);
  });
});

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

it.each(['seal', 'open'] as const)('the example in the help of %s is right', async (verb) => {
  const { out } = await cardea(['scpm', verb, '--help']);
  const [, asked, answer] = /\$ echo '(.*)' \| cardea scpm \w+\n +(\{.*\})\n/.exec(out) ?? [];
  expect((await served(verb, String(asked))).answers).toEqual([JSON.parse(String(answer))]);
});

it('the examples of docs/scpm.md are right', async () => {
  const page = readFileSync(new URL('../../../docs/scpm.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^\$ echo '(.*)' \| cardea scpm (seal|open)\n(.*)$/gm)];
  expect(examples.map(([, , verb]) => verb)).toEqual(['seal', 'open']);
  for (const [, asked, verb, answer] of examples) {
    expect((await served(verb as 'seal' | 'open', String(asked))).answers).toEqual([JSON.parse(String(answer))]);
  }
});
