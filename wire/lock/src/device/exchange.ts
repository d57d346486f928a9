import type { PrivateKeyHandle } from '@cardea/kit-crypto';
import type { Hello, Presentation, Proof } from '@cardea/wire-access';
import type { OfflineGrant } from '@cardea/wire-profile';
import type { FrameKeys } from '../sealed-frame.ts';

/** Over what an offline exchange runs. */
export interface KeyVia {
  /** Undefined: with the card that is at the reader. */
  readonly link: number | undefined;
}

/**
 * An offline exchange on its way:
 *
 *     20 --> making --ephemeral--> 21, greeted --22--> verifying --verified--> agreeing --agreed--> decided: 23
 *                                              (a level grant: its property's signature first)
 */
export type KeyExchange = { readonly via: KeyVia; readonly untilMs: number; readonly helloOctets: Uint8Array } & (
  | { readonly kind: 'making'; readonly id: number; readonly hello: Hello }
  | ({ readonly kind: 'greeted' } & Greeted)
  | ({ readonly kind: 'verifying-level'; readonly id: number } & Presented)
  | ({ readonly kind: 'verifying'; readonly id: number } & Presented)
  | ({ readonly kind: 'agreeing'; readonly id: number } & Presented)
);

/** The lock has proved itself. */
export interface Greeted {
  readonly hello: Hello;
  readonly proof: Proof;
  readonly proofOctets: Uint8Array;
  readonly privateKey: PrivateKeyHandle;
}

/** A grant that is this lock's has been shown; by whom is to be seen. */
export interface Presented extends Greeted {
  readonly presentation: Presentation;
  readonly presentationOctets: Uint8Array;
  readonly grant: OfflineGrant;
  readonly byLevel: boolean;
}

/** A phone or card whose signature has verified. */
export interface Presenter {
  readonly via: KeyVia;
  /** Receipt keys of this exchange. */
  readonly frames: FrameKeys;
}
