import { createCipheriv } from 'node:crypto';
import { nodePrimitives as primitives } from '@cardea/kit-node';
import { concat, equal, fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { encodeHead, encodeSecureFrame } from '../src/frame.ts';
import {
  decodeAnswer,
  decodePadata,
  decodeSecureFrame,
  encodePadata,
  encodePlainFrame,
  type FrameHead,
  type FrameSuite,
  isJoined,
  openFrame,
  type Services,
  SNF_MAX,
  sealFrame,
  suiteOf,
} from '../src/index.ts';
import { type HeldKey, lineName, sameLine } from '../src/node/keys.ts';
import { hand, Observer, sealAs, shdOf } from './observer.ts';
import { World, type WorldOptions } from './world.ts';

const PROFILES = ['hardened', 'standard'] as const;
const ASKER = fromHex('020000000099');
const OTHER_ASKER = fromHex('020000000098');
const inquiry = (first: number) => encodePadata({ kind: 'snf-inquiry', nonce: new Uint8Array(16).fill(first) });
const message = (text: number) =>
  encodePadata({ kind: 'lock-message', message: text, fragment: 0, total: 1, part: Uint8Array.of(text) });

/** A device with a service provider's key (index 3), and that key. */
function provided(options: Omit<WorldOptions, 'seed'> = {}): { readonly world: World; readonly key: HeldKey } {
  const world = new World({ seed: 80, ...options });
  world.join();
  world.pass(20_000, () => isJoined(world.ksn, world.device().address));
  world.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: world.freshKey(), devices: [world.device().address] });
  world.pass(10_000);
  const key = world.device().keys.find(({ keyIndex }) => keyIndex === 3);
  if (key === undefined) throw new Error('the key was not set');
  return { world, key };
}

/** Asks the device as a requester of the key, and reads the one answer. */
function ask(
  world: World,
  key: HeldKey,
  request: { readonly services: Services; readonly snf: number; readonly sa?: Uint8Array },
  padata: Uint8Array,
) {
  const head = { sa: ASKER, da: world.device().address, ...request };
  const octets = sealAs(world, key, head, padata);
  const [answer, ...more] = hand(world, 'device-0', octets);
  expect(more).toEqual([]);
  return { octets, answer: answer === undefined ? undefined : read(world, key, answer) };
}

function read(world: World, { algorithm, key }: HeldKey, octets: Uint8Array) {
  const frame = decodeSecureFrame(octets, world.settings.addressSize);
  const { profile, ivLayout } = world.settings;
  const suite = suiteOf(primitives, { profile, algorithm, key: key.reveal(), ivLayout }, frame);
  return { ...frame, octets, opened: openFrame(suite, frame) };
}

/** What the requester's line at the device expects next. */
function expectedOf(world: World, key: HeldKey, from = ASKER): number {
  const peer = world.device().peers.find(({ address }) => equal(address, from));
  return peer?.lines.find((line) => sameLine(line, lineName(key)))?.expected ?? world.device().firstSnf;
}

/** Body and MDAS over a text that need not be right. */
function sealText(suite: FrameSuite, services: 'auth' | 'auth+enc', head: Uint8Array, snf: number, text: Uint8Array) {
  return services === 'auth' ? { body: text, mdas: suite.tag(head, text) } : suite.sealBoth(head, snf, text);
}

const delivered = (world: World): readonly string[] =>
  world.of('device-0', 'deliver').map(({ octets }) => toHex(octets));

describe('8.1 Algorithms, composed with OpenSSL', () => {
  const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
  const head = { sa: ASKER, da: OTHER_ASKER, keyIndex: 1, dh: false, response: false, snf: 0x01020304 } as const;
  const suite = suiteOf(primitives, { profile: 'standard', algorithm: 1, key }, { ...head });
  const cbc = (iv: Uint8Array, text: Uint8Array): Uint8Array => {
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return concat(new Uint8Array(cipher.update(text)), new Uint8Array(cipher.final()));
  };
  const zeros = (octets: Uint8Array): Uint8Array => concat(octets, new Uint8Array((16 - (octets.length % 16)) % 16));
  const mac = (octets: Uint8Array): Uint8Array => cbc(new Uint8Array(16), zeros(octets)).slice(-16);
  const sizes = [...Array(40).keys(), 254, 255];

  it.each<readonly [string, Services]>([
    ['8.1.3-2 8.1.3-3 8.1.3-4 8.1.3-6 8.1.3-7 8.1.3-8 8.2.2-c 8.2.2-d authentication only', 'auth'],
    ['8.1.2-2 8.1.2-3 8.1.4-1 7.2.7-4 8.1.4-2 8.2.3-c 8.2.3-d1 8.2.3-d2 8.2.3-d3 confidentiality only', 'enc'],
    ['8.1.3-5 8.1.3-6 8.1.3-8 8.2.4-c 8.2.4-d1 8.2.4-d2 8.2.4-d3 8.2.4-e1 8.2.4-e2 both services', 'auth+enc'],
  ])('%s: frames of standard are what OpenSSL makes of the text', (_, services) => {
    for (const size of sizes) {
      const padata = Uint8Array.from({ length: size }, (__, i) => i);
      const bodyOctets = services === 'auth' ? size + 2 : Math.ceil((size + 2) / 16) * 16;
      const bc = 6 + bodyOctets + (services === 'enc' ? 0 : 16);
      const shd = { auth: '8100', enc: '4100', 'auth+enc': '0100' }[services];
      const start = concat(ASKER, OTHER_ASKER, Uint8Array.of(bc >> 8, bc), fromHex(shd), fromHex('01020304'));
      const counted = concat(start, Uint8Array.of(size), padata);
      const text = concat(Uint8Array.of(size), padata, Uint8Array.of(counted.reduce((sum, octet) => sum ^ octet, 0)));
      const body = services === 'auth' ? text : cbc(fromHex('01020304'.repeat(4)), zeros(text));
      const mdas = services === 'enc' ? new Uint8Array(0) : mac(concat(start, body));
      const frame = sealFrame(suite, { ...head, services }, padata);
      expect(toHex(frame)).toBe(toHex(concat(Uint8Array.of(0x80), start, body, mdas)));
      expect(openFrame(suite, decodeSecureFrame(frame, 6))).toEqual({ verdict: 'ok', padata });
    }
  });

  it('8.1.6-2 each frame opens by itself, in any order, whatever was lost', () => {
    const frames = [1, 2, 3, 4, 5].map((snf) =>
      sealFrame(suite, { ...head, services: 'auth+enc', snf }, Uint8Array.of(snf)),
    );
    for (const [at, octets] of [...frames.entries()].reverse()) {
      const opened = openFrame(suite, decodeSecureFrame(octets, 6));
      expect(opened).toEqual({ verdict: 'ok', padata: Uint8Array.of(at + 1) });
    }
  });

  it('7.2.7-3 8.1.4-2 padding that came is stripped; other than zeros is refused', () => {
    const bodyOctets = 16;
    const whole: FrameHead = { ...head, services: 'enc' };
    const start = encodeHead(whole, bodyOctets);
    const text = new Uint8Array(16);
    text.set([1, 0x55]);
    text[2] = concat(start, text.subarray(0, 2)).reduce((sum, octet) => sum ^ octet, 0);
    const open = (padded: Uint8Array) => {
      const frame = encodeSecureFrame(start, suite.encrypt(whole.snf, padded), undefined);
      return openFrame(suite, decodeSecureFrame(frame, 6));
    };
    expect(open(text)).toEqual({ verdict: 'ok', padata: Uint8Array.of(0x55) });
    for (let at = 3; at < 16; at++) {
      const padded = text.slice();
      padded[at] = 1;
      expect([at, open(padded).verdict]).toEqual([at, 'decrypt']);
    }
  });

  it('7.2.6-3 BCC finds an error, and not two that cancel out: MDAS does', () => {
    const frame = sealFrame(suite, { ...head, services: 'auth' }, Uint8Array.of(1, 2, 3));
    const spoilt = (...ats: readonly number[]) => {
      const octets = frame.slice();
      for (const at of ats) octets[at] = (octets[at] as number) ^ 0x10;
      return openFrame(suite, decodeSecureFrame(octets, 6)).verdict;
    };
    const padataAt = 1 + 20 + 1;
    expect(spoilt(padataAt)).toBe('bcc');
    expect(spoilt(padataAt, padataAt + 1)).toBe('mdas');
  });

  it('8.2.4-s4 8.2.2-s2 a BCC that is wrong under an MDAS that is right is found', () => {
    for (const services of ['auth', 'auth+enc'] as const) {
      const whole: FrameHead = { ...head, services };
      const text = new Uint8Array(services === 'auth' ? 2 : 16);
      const start = encodeHead(whole, text.length + 16);
      text[1] = start.reduce((sum, octet) => sum ^ octet, 0x40);
      const { body, mdas } = sealText(suite, services, start, whole.snf, text);
      const frame = encodeSecureFrame(start, body, mdas);
      expect(openFrame(suite, decodeSecureFrame(frame, 6)).verdict).toBe('bcc');
    }
  });
});

describe('8.1.5 Sequence numbers', () => {
  it('8.1.5-3 8.1.5-4 8.1.5-5 8.1.5-6 8.1.5-7 7.2.3-4 7.2.3-7 8.2.2-b2 8.2.2-f2i Figure 10, standard', () => {
    const first = (seed: number) => {
      const world = new World({ seed, settings: { profile: 'standard' } });
      const observer = new Observer(world);
      world.join();
      world.pass(20_000, () => isJoined(world.ksn, world.device().address));
      const [asked, failed, again, success] = observer.secure;
      if (!asked || !failed || !again || !success) throw new Error('fewer than four frames');
      expect([asked.services, asked.response]).toEqual(['auth', false]);
      expect(shdOf(failed.octets)).toBe(shdOf(asked.octets) | 0x1100);
      expect(failed.snf).toBe(world.device().firstSnf);
      expect(toHex(failed.body)).toBe(toHex(asked.body));
      expect([again.services, again.response, again.snf]).toEqual(['auth+enc', false, failed.snf]);
      expect([success.response, success.failure, success.snf]).toEqual([true, undefined, failed.snf + 1]);
      return { arbitrary: asked.snf, told: failed.snf };
    };
    const runs = [1, 2, 3, 4].map(first);
    expect(new Set(runs.map(({ arbitrary }) => arbitrary)).size).toBe(4);
    expect(new Set(runs.map(({ told }) => told)).size).toBe(4);
  });

  it('8.1.5-3 8.1.5-5 8.1.5-6 hardened: after a start the SNF is asked for before anything is sent', () => {
    const { world } = provided();
    const observer = new Observer(world);
    world.cut('ksn');
    world.pass(2_000);
    const send = { kind: 'send', to: world.device().address, keyIndex: 1, token: 1, expiresAtMs: undefined } as const;
    world.tell('ksn', { ...send, octets: Uint8Array.of(7) });
    world.pass(5_000);
    const kinds = observer.secure.map(({ response, padata }) => response || decodePadata(padata as Uint8Array).kind);
    expect(kinds).toEqual(['snf-inquiry', true, 'lock-message', true]);
    expect(delivered(world)).toEqual(['07']);
  });

  it('8.1.5-3 hardened: a requester whose record was set back learns upwards, and its message arrives', () => {
    const { world } = provided();
    const records = new Map(world.stations.get('ksn')?.records);
    const send = (octet: number) => {
      const to = world.device().address;
      world.tell('ksn', {
        kind: 'send',
        to,
        keyIndex: 1,
        octets: Uint8Array.of(octet),
        token: 1,
        expiresAtMs: undefined,
      });
      world.pass(3_000);
    };
    for (const octet of [1, 2, 3]) send(octet);
    for (const [name, octets] of records) world.stations.get('ksn')?.records.set(name, octets);
    world.cut('ksn');
    world.pass(2_000);
    send(4);
    world.pass(5_000);
    expect(delivered(world)).toEqual(['01', '02', '03', '04']);
  });

  it.each(PROFILES)(
    '8.1.5-1 7.2.3-2 7.2.3-7 7.2.3-8 8.2.2-b1 8.2.4-b each request carries the SNF of the last success: %s',
    (profile) => {
      const { world } = provided({ settings: { profile } });
      const observer = new Observer(world);
      for (let i = 1; i <= 5; i++) {
        const to = world.device().address;
        world.tell('ksn', {
          kind: 'send',
          to,
          keyIndex: 1,
          octets: Uint8Array.of(i),
          token: i,
          expiresAtMs: undefined,
        });
        world.pass(2_000);
      }
      const requests = observer.requests('lock-message');
      expect(requests).toHaveLength(5);
      for (const [i, request] of requests.entries()) {
        const answer = observer.answerTo(request);
        expect([answer.failure, answer.snf]).toEqual([undefined, request.snf + 1]);
        if (i < 4) expect(requests[i + 1]?.snf).toBe(answer.snf);
      }
    },
  );

  it.each(PROFILES)('8.1.5-2 each requester has its own SNF: %s', (profile) => {
    const { world, key } = provided({ settings: { profile } });
    const first = world.device().firstSnf;
    for (const step of [0, 1, 2]) ask(world, key, { services: 'auth', snf: first + step }, inquiry(step));
    expect([expectedOf(world, key), expectedOf(world, key, OTHER_ASKER)]).toEqual([first + 3, first]);
    const { answer } = ask(world, key, { services: 'auth', snf: first, sa: OTHER_ASKER }, inquiry(9));
    expect([answer?.failure, answer?.snf]).toEqual([undefined, first + 1]);
    expect(expectedOf(world, key)).toBe(first + 3);
  });

  it('7.2.3-5 9.2.1-c1 standard: the first SNF is by chance at every start, hardened begins a new key at 1', () => {
    const firsts = (profile: 'standard' | 'hardened') =>
      [1, 2, 3].map((seed) => new World({ seed, settings: { profile } }).device().firstSnf);
    expect(new Set(firsts('standard')).size).toBe(3);
    expect(firsts('hardened')).toEqual([1, 1, 1]);
    const world = new World({ seed: 1, settings: { profile: 'standard' } });
    const before = world.device().firstSnf;
    world.cut('device-0');
    world.pass(1_000);
    expect(world.device().firstSnf).not.toBe(before);
  });

  it.each(PROFILES)('7.2.3-6 9.1-3 at a warm start the SNF on record goes on, and so do the keys: %s', (profile) => {
    const { world, key } = provided({ settings: { profile } });
    ask(world, key, { services: 'auth', snf: expectedOf(world, key) }, inquiry(1));
    const expected = expectedOf(world, key);
    const keys = world.device().keys.map((each) => [each.keyIndex, each.version, toHex(each.key.reveal())]);
    world.cut('device-0');
    world.pass(1_000);
    expect(expectedOf(world, key)).toBe(expected);
    expect(world.device().keys.map((each) => [each.keyIndex, each.version, toHex(each.key.reveal())])).toEqual(keys);
    expect(ask(world, key, { services: 'auth', snf: expected - 1 }, inquiry(2)).answer?.failure).toBe('snf');
    expect(ask(world, key, { services: 'auth', snf: expected }, inquiry(3)).answer?.failure).toBeUndefined();
  });

  it('7.2.3-2 SNFs never wrap: what is left is for the key’s update, which an exhausted KSN or device begins', () => {
    for (const end of ['ksn', 'device-0'] as const) {
      const { world } = provided();
      const [own, peer] = end === 'ksn' ? [world.ksn, world.device()] : [world.device(), world.ksn];
      const [ownAddress, peerAddress] = [own.address, peer.address];
      const state = end === 'ksn' ? world.device() : world.ksn;
      const setLine = <S extends typeof world.ksn | ReturnType<typeof world.device>>(
        of: S,
        address: Uint8Array,
        patch: { next?: number; expected?: number },
      ): S => ({
        ...of,
        peers: of.peers.map((each) =>
          equal(each.address, address)
            ? { ...each, lines: each.lines.map((line) => (line.keyIndex === 1 ? { ...line, ...patch } : line)) }
            : each,
        ),
      });
      if (end === 'ksn') {
        world.ksn = setLine(world.ksn, peerAddress, { next: 0xffff_ff00 });
        world.devices[0] = setLine(world.device(), ownAddress, { expected: 0xffff_ff00 });
      } else {
        world.devices[0] = setLine(world.device(), peerAddress, { next: 0xffff_ff00 });
        world.ksn = setLine(world.ksn, ownAddress, { expected: 0xffff_ff00 });
      }
      const send = (token: number) =>
        world.tell(end, {
          kind: 'send',
          to: state.address,
          keyIndex: 1,
          octets: Uint8Array.of(1),
          token,
          expiresAtMs: undefined,
        });
      send(1);
      world.pass(5_000);
      expect(world.of(end, 'message-done').at(-1)).toMatchObject({ token: 1, arrived: false });
      expect(world.of(end, 'trouble').at(-1)).toMatchObject({ code: 'snf_low', keyIndex: 1 });
      expect(world.of('ksn', 'update-wanted').at(-1)).toMatchObject({ keyIndex: 1 });
      world.tell('ksn', { kind: 'update-key', keyIndex: 1, key: world.freshKey() });
      world.pass(30_000);
      expect(world.ksn.domainKeys.find(({ keyIndex }) => keyIndex === 1)).toMatchObject({
        generation: 2,
        next: undefined,
      });
      send(2);
      world.pass(5_000);
      expect(world.of(end, 'message-done').at(-1)).toMatchObject({ token: 2, arrived: true });
    }
  });

  it('7.2.3-2 the last SNF is served by nobody: it has no successor to answer with', () => {
    const { world, key } = provided();
    ask(world, key, { services: 'auth', snf: 1 }, inquiry(1));
    world.devices[0] = {
      ...world.device(),
      peers: world.device().peers.map((peer) => ({
        ...peer,
        lines: peer.lines.map((line) => (equal(peer.address, ASKER) ? { ...line, expected: SNF_MAX } : line)),
      })),
    };
    expect(ask(world, key, { services: 'auth+enc', snf: SNF_MAX }, message(1)).answer).toBeUndefined();
    expect(delivered(world)).toEqual([]);
  });
});

const BITS = { auth: 0x80, 'auth+enc': 0x00 } as const;

describe.each(PROFILES)('8.2 A requested service, %s', (profile) => {
  const bench = () => provided({ settings: { profile } });
  const both = ['auth', 'auth+enc'] as const;

  it.each<readonly [string, 'auth' | 'auth+enc']>([
    [
      '7.1.3-1 7.1.3-2 8.2.2-a1 8.2.2-a2 8.2.2-a3 8.2.2-e1 8.2.2-e2 8.2.2-e3 8.2.2-e4 8.2.2-f1 8.2.2-g2 8.2.2-h authentication',
      'auth',
    ],
    ['8.2.4-a1 8.2.4-a2 8.2.4-a3 8.2.4-f1 8.2.4-f2 8.2.4-f3 8.2.4-f4 8.2.4-g1 8.2.4-h2 8.2.4-i both', 'auth+enc'],
  ])('%s: a success', (_, services) => {
    const { world, key } = bench();
    const snf = world.device().firstSnf;
    const { octets, answer } = ask(world, key, { services, snf }, services === 'auth' ? inquiry(1) : message(1));
    expect(shdOf(octets)).toBe(0x0003 | BITS[services]);
    expect(shdOf(answer?.octets as Uint8Array)).toBe(0x0103 | BITS[services]);
    expect(answer?.snf).toBe(snf + 1);
    expect([answer?.sa, answer?.da]).toEqual([world.device().address, ASKER]);
    if (answer?.opened.verdict !== 'ok' || !('padata' in answer.opened)) throw new Error('does not open');
    expect(decodeAnswer(answer.opened.padata).status).toBe('ok');
  });

  it.each<readonly [string, 'auth' | 'auth+enc']>([
    ['8.2.2-e4 8.2.2-f2i 8.2.2-g1 8.2.2-h authentication', 'auth'],
    ['8.2.4-f4 8.2.4-g2i 8.2.4-h1 8.2.4-i both', 'auth+enc'],
  ])('%s: to whom it has no SNF it tells the initial one, data copied, MDAS anew', (_, services) => {
    const { world, key } = bench();
    const { octets, answer } = ask(world, key, { services, snf: 777 }, message(1));
    expect(shdOf(answer?.octets as Uint8Array)).toBe(shdOf(octets) | 0x1100);
    expect(answer?.snf).toBe(world.device().firstSnf);
    expect(toHex(answer?.body as Uint8Array)).toBe(toHex(decodeSecureFrame(octets, 6).body));
    expect(answer?.opened).toMatchObject({ verdict: 'ok', copied: answer?.body });
    expect(toHex(answer?.mdas as Uint8Array)).not.toBe(toHex(octets.slice(-16)));
    expect(delivered(world)).toEqual([]);
  });

  it.each<readonly [string, 'auth' | 'auth+enc']>([
    ['8.2.2-f2ii authentication', 'auth'],
    ['8.2.4-g2ii both', 'auth+enc'],
  ])('%s: a failure tells the SNF of the last response', (_, services) => {
    const { world, key } = bench();
    const first = world.device().firstSnf;
    const success = ask(world, key, { services, snf: first }, inquiry(1)).answer;
    for (const snf of [first, first + 2, 0, SNF_MAX]) {
      const { answer } = ask(world, key, { services, snf }, inquiry(2));
      expect([snf, answer?.failure, answer?.snf]).toEqual([snf, 'snf', success?.snf]);
    }
  });

  it('8.2.4-2 8.2.4-s1 a frame that comes again is answered from the record, or refused, and executed once', () => {
    const { world, key } = bench();
    const first = world.device().firstSnf;
    const once = ask(world, key, { services: 'auth+enc', snf: first }, message(1));
    const again = hand(world, 'device-0', once.octets);
    expect(again.map(toHex)).toEqual([toHex(once.answer?.octets as Uint8Array)]);
    ask(world, key, { services: 'auth+enc', snf: first + 1 }, message(2));
    const late = hand(world, 'device-0', once.octets).map((octets) => read(world, key, octets));
    expect(late.map(({ failure, snf }) => [failure, snf])).toEqual([['snf', first + 2]]);
    // The same SNF with other octets is no repetition.
    expect(ask(world, key, { services: 'auth+enc', snf: first + 1 }, message(3)).answer?.failure).toBe('snf');
    expect(delivered(world)).toEqual(['01', '02']);
  });

  it('8.2.4-2 8.2.4-1 nothing of a replayed frame is deciphered', () => {
    const { world, key } = bench();
    const first = world.device().firstSnf;
    const { octets } = ask(world, key, { services: 'auth+enc', snf: first }, message(1));
    ask(world, key, { services: 'auth+enc', snf: first + 1 }, message(2));
    const frame = decodeSecureFrame(octets, 6);
    const { ivLayout } = world.settings;
    const suite = suiteOf(primitives, { profile, algorithm: key.algorithm, key: key.key.reveal(), ivLayout }, frame);
    let deciphered = 0;
    const counting = {
      ...suite,
      openBoth: (...args: Parameters<typeof suite.openBoth>) => {
        deciphered++;
        return suite.openBoth(...args);
      },
    };
    expect(openFrame(counting, frame, first + 2).verdict).toBe('snf');
    expect(deciphered).toBe(0);
  });

  it('8.2.2-s3 8.2.4-s2 without a right MDAS nothing is served; standard tells one failure a second, hardened none', () => {
    const { world, key } = bench();
    const wrong = { ...key, key: new Secret(new Uint8Array(16).fill(9)) };
    const state = world.device();
    const answers: (string | undefined)[] = [];
    for (let i = 0; i < 40; i++) {
      const services = i % 2 === 0 ? 'auth' : 'auth+enc';
      const sa = Uint8Array.of(2, 0, 0, 0, 1, i);
      const { answer } = ask(world, wrong, { services, snf: world.device().firstSnf, sa }, message(1));
      answers.push(answer?.failure);
      world.pass(100);
    }
    const told = answers.filter((each) => each !== undefined);
    expect(told).toEqual(profile === 'standard' ? ['auth', 'auth', 'auth', 'auth'] : []);
    expect(world.device().peers).toEqual(state.peers);
    expect(delivered(world)).toEqual([]);
  });

  it('8.2.4-s4 8.2.2-s2 a BCC that is wrong under a right MDAS is told as failed authentication, and is not served', () => {
    for (const services of both) {
      const { world, key } = bench();
      const { ivLayout } = world.settings;
      const snf = world.device().firstSnf;
      const head: FrameHead = { ...lineHead, sa: ASKER, da: world.device().address, services, snf };
      const suite = suiteOf(primitives, { profile, algorithm: key.algorithm, key: key.key.reveal(), ivLayout }, head);
      const text = new Uint8Array(services === 'auth' ? 2 : 16);
      const start = encodeHead(head, text.length + 16);
      text[1] = start.reduce((sum, octet) => sum ^ octet, 0x40);
      const { body, mdas } = sealText(suite, services, start, snf, text);
      const [answer] = hand(world, 'device-0', encodeSecureFrame(start, body, mdas));
      expect(shdOf(answer as Uint8Array) & 0x7100).toBe(0x2100);
      expect(expectedOf(world, key)).toBe(snf);
    }
  });

  it('8.2.1-2 7.1.3-2 a frame to a broadcast or group address, or to another node, is abandoned', () => {
    const { world, key } = bench();
    const state = world.device();
    for (const da of ['ffffffffffff', '01005e000001', '020000000077']) {
      const head = { sa: ASKER, da: fromHex(da), services: 'auth+enc', snf: world.device().firstSnf } as const;
      expect(hand(world, 'device-0', sealAs(world, key, head, message(1)))).toEqual([]);
      const plain = encodePlainFrame({ sa: ASKER, da: fromHex(da), adata: Uint8Array.of(1) });
      expect(hand(world, 'device-0', plain)).toEqual([]);
    }
    expect(world.device()).toEqual(state);
    expect(world.of('device-0', 'ordinary')).toEqual([]);
  });

  it('7.1.2-1 8.2.1-1 plaintext passes as ordinary communication beside secure frames, and reaches no key', () => {
    const { world, key } = bench();
    const secure = {
      sa: ASKER,
      da: world.device().address,
      services: 'auth+enc',
      snf: world.device().firstSnf,
    } as const;
    const adata = sealAs(world, key, secure, message(1));
    hand(world, 'device-0', encodePlainFrame({ sa: ASKER, da: world.device().address, adata }));
    expect(world.of('device-0', 'ordinary').map((each) => [toHex(each.from), toHex(each.adata)])).toEqual([
      [toHex(ASKER), toHex(adata)],
    ]);
    expect(delivered(world)).toEqual([]);
    hand(world, 'device-0', adata);
    expect(delivered(world)).toEqual(['01']);
  });
});

const lineHead = { keyIndex: 3, dh: false, response: false } as const;

describe.each(PROFILES)('8.2.3 Confidentiality only wants a key of its own, %s', (profile) => {
  const confidential: HeldKey = {
    keyIndex: 9,
    version: 1,
    algorithm: 1,
    key: new Secret(new Uint8Array(16).fill(0x3c)),
    state: 'active',
    use: 'confidential',
    isOfThisRun: false,
  };
  const bench = (): World => {
    const { world } = provided({ settings: { profile } });
    world.devices[0] = { ...world.device(), keys: [...world.device().keys, confidential] };
    return world;
  };

  it('8.2.3-a1 8.2.3-a2 8.2.3-a3 8.2.3-b 8.2.3-ra1 8.2.3-ra2 8.2.3-ra3 8.2.3-ra4 8.2.3-rb 8.2.3-rc2 a success', () => {
    const world = bench();
    for (const snf of [5, 0xfffffff0, 5]) {
      const { octets, answer } = ask(world, confidential, { services: 'enc', snf }, Uint8Array.of(1, 2, 3));
      expect(shdOf(octets)).toBe(0x0049);
      expect(shdOf(answer?.octets as Uint8Array)).toBe(0x0149);
      expect(answer?.mdas).toBeUndefined();
      expect(answer?.opened).toMatchObject({ verdict: 'ok', padata: new Uint8Array(0) });
    }
    expect(world.of('device-0', 'unauthenticated').map((each) => toHex(each.octets))).toEqual(Array(3).fill('010203'));
  });

  it('8.2.3-ra4 8.2.3-rc1 8.2.3-s1 8.2.3-s2 all its failures look alike, one a second', () => {
    const world = bench();
    const good = sealAs(
      world,
      confidential,
      { sa: ASKER, da: world.device().address, services: 'enc', snf: 7 },
      message(1),
    );
    const answers: string[] = [];
    for (let i = 0; i < 64; i++) {
      const octets = good.map((octet, at) => (at === good.length - 1 - (i % 16) ? octet ^ 1 : octet));
      for (const each of hand(world, 'device-0', octets)) {
        const frame = decodeSecureFrame(each, 6);
        expect(toHex(frame.body)).toBe(toHex(decodeSecureFrame(octets, 6).body));
        answers.push(`${frame.failure} ${frame.snf}`);
      }
      world.pass(250);
    }
    expect(new Set(answers)).toEqual(new Set(['decrypt 7']));
    expect(answers).toHaveLength(16);
  });

  it('8.2.3-ra2 (ours) a key that authenticates refuses frames without authentication, and the other way round', () => {
    const world = bench();
    for (const key of world.device().keys.filter(({ use, algorithm }) => use === 'authenticated' && algorithm === 1)) {
      expect(ask(world, key, { services: 'enc', snf: 1 }, message(1)).answer).toBeUndefined();
    }
    expect(ask(world, confidential, { services: 'auth', snf: 1 }, inquiry(1)).answer).toBeUndefined();
    expect(ask(world, confidential, { services: 'auth+enc', snf: 1 }, message(1)).answer).toBeUndefined();
    expect(delivered(world)).toEqual([]);
  });
});
