import { nodePrimitives } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { VirtualLockIdentity } from '@cardea/lock';
import { encodeLockLabel, groupedHex } from '@cardea/wire-manifest';
import { serialKeyOf } from '@cardea/wire-scpm';

/** What is printed on the case of a lock. */
export interface CaseLabel {
  readonly identifier: string;
  /** Null for a lock that has only a button. */
  readonly printed_code: string | null;
  /** The serial key of SCPM in groups of four hex digits; null for locks that do not speak it. */
  readonly serial_key: string | null;
  /** The text of its QR code. */
  readonly qr: string;
}

/** The label of a virtual lock. */
export function caseLabelOf({ identifier, maker, printedCode, factoryKey }: VirtualLockIdentity): CaseLabel {
  const serialKey = maker === 'cardea' ? new Secret(serialKeyOf(nodePrimitives, factoryKey.reveal())) : undefined;
  return {
    identifier,
    printed_code: printedCode?.reveal() ?? null,
    serial_key: serialKey === undefined ? null : groupedHex(serialKey.reveal()),
    qr: encodeLockLabel({ identifier, serialKey }),
  };
}
