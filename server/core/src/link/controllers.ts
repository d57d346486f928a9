import { cardeaLegacyProfile, cardeaProfile, legacyLockController, lockController } from '@cardea/wire-lock';
import { maker2Controller, maker2Profile } from '@cardea/wire-maker2';
import type { DeviceProfile, LockController } from '@cardea/wire-profile';

const PROFILES: readonly DeviceProfile[] = [cardeaProfile, cardeaLegacyProfile, maker2Profile];

/** The makers' protocols that this server speaks, by the maker's name; a weak one only when `legacy` is on. */
export function controllersOf(legacy: boolean): readonly LockController<unknown>[] {
  return legacy ? [lockController, maker2Controller, legacyLockController] : [lockController, maker2Controller];
}

/** Whether a maker's locks chain their events and sign the head. */
export function chainsEvents(maker: string): boolean {
  return controllersOf(true).some((controller) => controller.maker === maker && controller.chain !== undefined);
}

/** Whether a maker's locks have a clock that can be set and asked: so unless the maker's profile has none. */
export function hasClock(maker: string): boolean {
  return PROFILES.find((profile) => profile.maker === maker)?.attributes.includes('clock') ?? true;
}

/** How strong a maker's protocol is: `legacy` is shown wherever such a lock is. */
export function suiteOf(maker: string): DeviceProfile['suite'] {
  return maker === cardeaLegacyProfile.maker ? cardeaLegacyProfile.suite : 'hardened';
}
