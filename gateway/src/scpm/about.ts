import type { PinRecord } from './pin.ts';

/** A service provider of the domain (9.2.2). */
export interface Provider {
  /** 3 to 15. */
  readonly index: number;
  readonly name: string;
  /** Versions of its key that were handed out, by the lock's identifier: each once. */
  readonly handed: Readonly<Record<string, number>>;
  /** Its key is being taken back: the index is free once every lock has forgotten it. */
  readonly leaving: boolean;
}

/** What a gateway keeps of its domain besides the records of the key setting node itself. */
export interface DomainAbout {
  readonly version: 1;
  /** Unix milliseconds, as all times here. */
  readonly createdAtMs: number;
  /** Of the key setting node itself, hex: shown when it is enrolled (Annex A). */
  readonly serialKey: string;
  readonly pin: PinRecord;
  /** Every key is renewed after so long; 0: by hand only. */
  readonly rotateEveryMs: number;
  /** When the last renewal of every key began. */
  readonly rotatedAtMs: number;
  /** Laid down from a backup: every key is renewed at the next start. */
  readonly renew: boolean;
  readonly providers: readonly Provider[];
  /** The domain address (hex) of each lock, by its identifier. */
  readonly locks: Readonly<Record<string, string>>;
  /** Locks that a person took out: only a person brings them in again, whatever the RAS tells. */
  readonly removed: readonly string[];
  /** When the last backup was made; null before the first. */
  readonly backedUpAtMs: number | null;
}
