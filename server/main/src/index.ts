export { type BackupOptions, createBackup, type MadeBackup } from './backup/create-backup.ts';
export { passphraseProblem } from './backup/key.ts';
export {
  type OpeningOptions,
  type Restored,
  type RestoreOptions,
  restoreBackup,
  type VerifiedBackup,
  verifyBackup,
} from './backup/restore.ts';
export { undoUpgrade, upgradeRecord } from './backup/undo-upgrade.ts';
export { type ConfigSources, readConfig, type ServerConfig } from './config.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export type { FirstOwner } from './first-start.ts';
export { type Argon2Cost, createPasswords } from './passwords.ts';
export { createPasskeys, type RelyingParty } from './people/passkeys.ts';
export { secondFactors } from './people/second-factors.ts';
export { type OwnerReset, resetOwnerPassword } from './reset-owner-password.ts';
export { type RunningServer, runServer, type ServerOptions } from './run-server.ts';
export type { GatewayFault } from './sim.ts';
export { loadWebApps } from './web/load.ts';
