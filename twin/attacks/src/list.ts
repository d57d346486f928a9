import { alteredLog } from './altered-log.ts';
import type { Attack } from './attack.ts';
import { badCertificates } from './bad-certificates.ts';
import { badValues } from './bad-values.ts';
import { bitFlips } from './bit-flips.ts';
import { clocks } from './clocks.ts';
import { credentialStuffing } from './credential-stuffing.ts';
import { downgrade } from './downgrade.ts';
import { exhaustion } from './exhaustion.ts';
import { failOpen } from './fail-open.ts';
import { floods } from './floods.ts';
import { foreignTenant } from './foreign-tenant.ts';
import { forgeries } from './forgeries.ts';
import { fullLists } from './full-lists.ts';
import { guessing } from './guessing.ts';
import { hostileGateway } from './hostile-gateway.ts';
import { hostileWeb } from './hostile-web.ts';
import { hostileXml } from './hostile-xml.ts';
import { impersonation } from './impersonation.ts';
import { kills } from './kills.ts';
import { lateCommands } from './late-commands.ts';
import { leakedSecrets } from './leaked-secrets.ts';
import { lowRoles } from './low-roles.ts';
import { modifiedClient } from './modified-client.ts';
import { oddInput } from './odd-input.ts';
import { reflection } from './reflection.ts';
import { relay } from './relay.ts';
import { replay } from './replay.ts';
import { revoked } from './revoked.ts';
import { saslDowngrade } from './sasl.ts';
import { schedules } from './schedules.ts';
import { lastNumbers } from './scpm/last-numbers.ts';
import { keyPowerCuts } from './scpm/power-cuts.ts';
import { reusedNonces } from './scpm/reused-nonces.ts';
import { sharedKey } from './scpm/shared-key.ts';
import { storageFaults } from './storage-faults.ts';
import { supplyChain } from './supply-chain.ts';

/** Every attack, by id. */
export const attacks: readonly Attack[] = [
  replay,
  bitFlips,
  forgeries,
  oddInput,
  downgrade,
  guessing,
  reusedNonces,
  lastNumbers,
  sharedKey,
  reflection,
  badValues,
  relay,
  fullLists,
  revoked,
  clocks,
  schedules,
  hostileGateway,
  impersonation,
  lowRoles,
  modifiedClient,
  keyPowerCuts,
  kills,
  storageFaults,
  lateCommands,
  floods,
  hostileXml,
  saslDowngrade,
  foreignTenant,
  badCertificates,
  leakedSecrets,
  alteredLog,
  credentialStuffing,
  exhaustion,
  hostileWeb,
  failOpen,
  supplyChain,
];
