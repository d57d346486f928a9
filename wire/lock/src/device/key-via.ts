import { CHANNEL } from '../gatt.ts';
import type { RefusalCode } from '../refusal.ts';
import type { KeyVia } from './state.ts';
import type { Work } from './work.ts';

/** Sends a message of the offline exchange to the phone or card that it runs with. */
export function sendVia(work: Work, { link }: KeyVia, octets: Uint8Array): void {
  if (link !== undefined) work.send(link, CHANNEL.mobileKey, octets);
}

/** Says no without a key to say it under. */
export function refuseVia(work: Work, { link }: KeyVia, code: RefusalCode): void {
  if (link !== undefined) work.refuse(link, CHANNEL.mobileKey, code);
}
