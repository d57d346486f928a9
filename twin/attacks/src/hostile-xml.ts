import { seededRandom } from '@cardea/kit-node';
import { LIMITS_AFTER_AUTHENTICATION, LIMITS_BEFORE_AUTHENTICATION, StreamReader } from '@cardea/wire-xmpp';
import { type Attack, type AttackResult, resultOf, type Trial } from './attack.ts';
import { type Dialled, dialTls, pour } from './floods/dial.ts';
import { type HonestGateway, signInGateway } from './floods/honest-gateway.ts';
import { HOSTILE_STREAMS, type HostileStream } from './floods/hostile-streams.ts';
import { dripForAnHour } from './floods/unclosed.ts';
import { startVictim, type Victim } from './floods/victim-process.ts';

/** Longest turn of the event loop that hostile input may cost, in processor time. */
const TURN_MAX_MS = 50;
/** How often a flood is looked at before it counts as holding the loop. */
const TIMES = 3;
/** What a socket hands over in one reading. */
const READ_OCTETS = 65_536;
/** How long the server may take to end a stream that it does not want. */
const END_WITHIN_MS = 5_000;
/** Streams made of the corpus by chance, for each unit of effort. */
const MUTATIONS = 100;

/** Attack 31: XML that stops, swells or fools its parser. */
export const hostileXml: Attack = {
  id: 31,
  title: 'hostile XML: entities, DOCTYPE, depth, size, smuggling, compression, unclosed tags',
  weakDouble: 'the same parser with its caps taken off, which builds a tree of all that comes',
  run: ({ weak, seed, effort }) => (weak ? againstDouble() : againstProduct(seed, effort)),
};

async function againstProduct(seed: number, effort: number): Promise<AttackResult> {
  const victim = await startVictim({ weak: false });
  try {
    const mutated = mutations(seed, MUTATIONS * Math.max(1, effort));
    return resultOf([
      ...parsed(HOSTILE_STREAMS),
      ...(await corpusTrials(victim, HOSTILE_STREAMS)),
      await together(victim, 'streams of the corpus, cut and joined by chance', mutated),
      await signedIn(victim),
      await dripForAnHour(),
    ]);
  } finally {
    await victim.stop();
  }
}

/** The double ends no stream, and one of them holds it up: the first that does is enough. */
async function againstDouble(): Promise<AttackResult> {
  const victim = await startVictim({ weak: true });
  try {
    const [deep] = HOSTILE_STREAMS.filter(({ name }) => name === '200,000 nested elements');
    if (deep === undefined) throw new Error('the corpus lacks its best-known stream');
    const head = { name: `${deep.name}, the first 20,000`, octets: () => firstOctets(deep, 60_000) };
    return resultOf(await corpusTrials(victim, [head]));
  } finally {
    await victim.stop();
  }
}

/** Each stream over a connection of its own: refused, and no turn of the server's event loop was long. */
async function corpusTrials(victim: Victim, streams: readonly HostileStream[]): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  await victim.state();
  for (const stream of streams) {
    const ended = await refused(await dialTls(victim, victim.xmppPort), stream);
    const { busyMs, heldMs } = await victim.state();
    trials.push({
      name: `${stream.name}: ${ended ? 'refused' : 'NOT REFUSED'}, longest turn ${busyMs.toFixed(1)} ms (${heldMs.toFixed(0)} ms by the clock)`,
      through: !ended || busyMs > TURN_MAX_MS,
    });
  }
  return trials;
}

/** All at once, 20 at a time: what one does not reach, many may. */
async function together(victim: Victim, name: string, streams: readonly HostileStream[]): Promise<Trial> {
  await victim.state();
  const waiting = [...streams];
  let taken = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const dialled = await dialTls(victim, victim.xmppPort);
        await refused(dialled, next, 50);
        // Octets that chance left whole may be honest; what must not be is that a stranger is signed in or bound.
        if (/<success|<jid>/.test(dialled.heard())) taken++;
        dialled.socket.destroy();
      }
    }),
  );
  const { busyMs, heldMs } = await victim.state();
  return {
    name: `${name}: ${taken} signed in, longest turn ${busyMs.toFixed(1)} ms (${heldMs.toFixed(0)} ms by the clock)`,
    tried: streams.length,
    through: taken > 0 || busyMs > TURN_MAX_MS,
  };
}

/** What a signed-in gateway's program writes after it turned hostile: the caps are wider there. */
async function signedIn(victim: Victim): Promise<Trial> {
  const floods: Readonly<Record<string, string>> = {
    pings: "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>".repeat(20_000),
    'requests that nobody knows': "<iq type='set' id='p'><x xmlns='urn:x'/></iq>".repeat(20_000),
    'one stanza as large as it may be':
      `<iq type='set' id='l'><x xmlns='urn:x'>${'<a/>'.repeat(4090)}${'t'.repeat(230_000)}</x></iq>`.repeat(4),
    depth: '<iq>'.repeat(20_000),
  };
  const seen: string[] = [];
  let worstMs = 0;
  for (const [name, text] of Object.entries(floods)) {
    let busyMs = Number.POSITIVE_INFINITY;
    // A collection of garbage may fall into any turn; what the input itself costs comes back every time.
    for (let times = 0; times < TIMES && busyMs > TURN_MAX_MS; times++) {
      busyMs = Math.min(busyMs, await flood(victim, text));
    }
    worstMs = Math.max(worstMs, busyMs);
    seen.push(`${name} ${busyMs.toFixed(1)} ms`);
  }
  return {
    name: `floods of a signed-in gateway: ${seen.join(', ')}`,
    through: worstMs > TURN_MAX_MS,
    tried: seen.length,
  };
}

/** The longest turn of the server, in processor time, while a signed-in gateway pours `text` into its stream. */
async function flood(victim: Victim, text: string): Promise<number> {
  const gateway: HonestGateway = await signInGateway(victim);
  await victim.state();
  gateway.write(new TextEncoder().encode(text));
  await new Promise((resolve) => setTimeout(resolve, 400));
  const { busyMs } = await victim.state();
  await gateway.stop();
  return busyMs;
}

/** Whether the server ended the connection that `stream` was poured into. */
async function refused(dialled: Dialled, stream: HostileStream, withinMs = END_WITHIN_MS): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), withinMs);
  });
  const poured = pour(dialled, stream.octets()).then(() => dialled.ended);
  const ended = await Promise.race([poured.then(() => true), patience]);
  clearTimeout(late);
  dialled.socket.destroy();
  return ended;
}

/** Every stream through the reader alone: how much processor time the longest call takes. */
function parsed(streams: readonly HostileStream[]): readonly Trial[] {
  return [
    { name: 'before authentication', limits: LIMITS_BEFORE_AUTHENTICATION },
    { name: 'after authentication', limits: LIMITS_AFTER_AUTHENTICATION },
  ].map(({ name, limits }) => {
    let worst = { ms: 0, name: '' };
    for (const stream of streams) {
      const octets = firstOctets(stream, 1_000_000).next().value ?? new Uint8Array(0);
      const reader = new StreamReader(limits);
      for (let at = 0; at < octets.length; at += READ_OCTETS) {
        const before = process.threadCpuUsage();
        reader.read(octets.subarray(at, at + READ_OCTETS), () => undefined);
        const spent = process.threadCpuUsage(before);
        const ms = (spent.user + spent.system) / 1000;
        if (ms > worst.ms) worst = { ms, name: stream.name };
      }
    }
    return {
      name: `the reader alone, ${name}, 64 KiB a call: longest ${worst.ms.toFixed(1)} ms (${worst.name})`,
      through: worst.ms > TURN_MAX_MS,
      tried: streams.length,
    };
  });
}

function* firstOctets(stream: HostileStream, sizeOctets: number): Generator<Uint8Array, undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const piece of stream.octets()) {
    parts.push(piece);
    size += piece.length;
    if (size >= sizeOctets) break;
  }
  yield new Uint8Array(Buffer.concat(parts).subarray(0, sizeOctets));
}

/** Streams cut at one place and joined to others, with octets changed. */
function mutations(seed: number, count: number): readonly HostileStream[] {
  const random = seededRandom(`attack 31 ${seed}`);
  const number = (below: number): number => {
    const [a = 0, b = 0, c = 0] = random.octets(3);
    return ((a << 16) | (b << 8) | c) % below;
  };
  const heads = HOSTILE_STREAMS.map((stream) => firstOctets(stream, 4096).next().value ?? new Uint8Array(0));
  return Array.from({ length: count }, (_, i) => {
    const part = (): Uint8Array => heads[number(heads.length)] ?? new Uint8Array(0);
    const [head, tail] = [part(), part()];
    const octets = Buffer.concat([head.subarray(0, number(head.length + 1)), tail.subarray(number(tail.length + 1))]);
    for (let flips = number(4); flips > 0 && octets.length > 0; flips--) octets[number(octets.length)] = number(256);
    return { name: `mutation ${i}`, octets: () => [octets] };
  });
}
