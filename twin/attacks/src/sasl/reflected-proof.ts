import { settle } from '@cardea/kit-node';
import { createVirtualClock } from '@cardea/kit-runtime';
import type { Trial } from '../attack.ts';
import { challenge, victim } from './at-client.ts';
import { base64, evilServer, HEADER, sasl } from './rig.ts';

/** Attack 10 on SCRAM: a server without the verifier gives the gateway's own proof back as the proof of the server. */
export async function reflectedProof(seed: number, weak: boolean): Promise<Trial> {
  const clock = createVirtualClock(0, settle);
  const evil = evilServer(clock, undefined);
  victim(seed, evil, clock, weak ? { ignoresProof: true } : undefined);
  await challenge(clock, evil, '4096');
  const [, response = ''] = /<response[^>]*>([^<]*)</.exec(evil.heard) ?? [];
  const [, proof] = /,p=([^,]+)$/.exec(Buffer.from(response, 'base64').toString()) ?? [];
  if (proof === undefined) throw new Error('the gateway gave no proof to reflect');
  evil.heard = '';
  evil.say(sasl('success', base64(`v=${proof}`)));
  await clock.advance(10);
  // Who believes it opens the next stream.
  const isBelieved = evil.heard.includes(HEADER.slice(0, 14));
  return { name: "SASL: the gateway's own proof given back to it is believed", through: isBelieved };
}
