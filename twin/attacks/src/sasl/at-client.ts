import { settle } from '@cardea/kit-node';
import { createVirtualClock, type VirtualClock } from '@cardea/kit-runtime';
import type { Trial } from '../attack.ts';
import {
  base64,
  clientRig,
  type EvilServer,
  evilServer,
  HEADER,
  mechanisms,
  opening,
  sasl,
  tlsBoundBy,
  VICTIM,
} from './rig.ts';
import { type Trust, trustingClient } from './trusting-client.ts';

/** Attacks on the gateway by whoever stands in the server's place. */
export async function attackClients(seed: number, weak: boolean): Promise<readonly Trial[]> {
  return [
    await onlyPlain(seed, weak),
    await noStarttls(seed, weak),
    await iterationBomb(seed, weak),
    await noProof(seed, weak),
  ];
}

/** The victim, as the product or as a double that trusts in one point. */
export function victim(seed: number, evil: EvilServer, clock: VirtualClock, trust: Trust | undefined) {
  if (trust !== undefined) return trustingClient(evil.connect, trust);
  const rig = clientRig(seed, evil.connect, clock);
  rig.start();
  return rig;
}

const PASSWORD_IN_THE_CLEAR = base64(`\0${VICTIM.id}\0${VICTIM.password}`);

/** Every mechanism but PLAIN is taken out of the offer, inside a TLS connection that the attacker ends. */
async function onlyPlain(seed: number, weak: boolean): Promise<Trial> {
  const clock = createVirtualClock(0, settle);
  const evil = evilServer(clock, tlsBoundBy('evil'));
  victim(seed, evil, clock, weak ? { takesPlain: true } : undefined);
  await clock.advance(10);
  evil.say(opening(mechanisms('PLAIN')));
  await clock.advance(10);
  return {
    name: 'mechanisms stripped to PLAIN: the gateway says its password',
    through: evil.heard.includes(PASSWORD_IN_THE_CLEAR),
  };
}

/** STARTTLS is taken out of the offer; SCRAM and PLAIN are offered in the clear (attack 5 for XMPP). */
async function noStarttls(seed: number, weak: boolean): Promise<Trial> {
  const clock = createVirtualClock(0, settle);
  const evil = evilServer(clock, 'clear');
  victim(seed, evil, clock, weak ? { goesOnInTheClear: true } : undefined);
  await clock.advance(10);
  evil.say(opening(mechanisms('SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN')));
  await clock.advance(10);
  return { name: 'STARTTLS stripped: the gateway signs in without TLS', through: evil.heard.includes('<auth') };
}

/** Brings the victim to SCRAM's challenge; `bomb` is the number of iterations. */
export async function challenge(clock: VirtualClock, evil: EvilServer, bomb: string): Promise<void> {
  await clock.advance(10);
  evil.say(opening(mechanisms('SCRAM-SHA-256')));
  await clock.advance(10);
  const [, auth = ''] = /<auth[^>]*>([^<]*)</.exec(evil.heard) ?? [];
  const [, nonce] = /,r=([^,]+)$/.exec(Buffer.from(auth, 'base64').toString()) ?? [];
  evil.say(sasl('challenge', base64(`r=${nonce}abcdefghijklmnopqrstuvwx,s=${base64('0123456789abcdef')},i=${bomb}`)));
  await clock.advance(10);
}

async function iterationBomb(seed: number, weak: boolean): Promise<Trial> {
  const bombs = ['100001', '2147483647', '4294967296', '99999999999999999999'];
  let through = false;
  for (const bomb of bombs) {
    const clock = createVirtualClock(0, settle);
    const evil = evilServer(clock, undefined);
    const { derived } = victim(seed, evil, clock, weak ? { countsOn: true } : undefined);
    await challenge(clock, evil, bomb);
    through ||= derived.some((iterations) => iterations > 100_000);
  }
  return { name: 'SCRAM iteration bomb: the gateway counts', through, tried: bombs.length };
}

/** A server without the verifier ends the exchange with a success of its own. */
async function noProof(seed: number, weak: boolean): Promise<Trial> {
  const claims = ['', base64(`v=${base64('a'.repeat(32))}`), base64('v='), base64('e=other-error')];
  let through = false;
  for (const claim of claims) {
    const clock = createVirtualClock(0, settle);
    const evil = evilServer(clock, undefined);
    victim(seed, evil, clock, weak ? { ignoresProof: true } : undefined);
    await challenge(clock, evil, '4096');
    evil.heard = '';
    evil.say(sasl('success', claim));
    await clock.advance(10);
    // Who believes it opens the next stream.
    through ||= evil.heard.includes(HEADER.slice(0, 14));
  }
  return { name: 'a server that cannot prove itself is believed', through, tried: claims.length };
}
