import { stepReader } from '@cardea/wire-access';
import { CHANNEL } from '../gatt.ts';
import type { RefusalCode } from '../refusal.ts';
import type { KeyVia } from './exchange.ts';
import type { Work } from './work.ts';

/** Sends a message of the offline exchange to the phone or card that it runs with. */
export function sendVia(work: Work, { link }: KeyVia, octets: Uint8Array): void {
  if (link !== undefined) {
    work.send(link, CHANNEL.mobileKey, octets);
    return;
  }
  const { state, effects } = stepReader(work.state.reader, { kind: 'send', octets });
  work.update({ reader: state });
  for (const effect of effects) {
    if (effect.kind === 'command') work.emit({ kind: 'card-command', octets: effect.octets });
  }
}

/** Says no without a key to say it under. */
export function refuseVia(work: Work, via: KeyVia, code: RefusalCode): void {
  sendVia(work, via, work.refusal(code));
}
