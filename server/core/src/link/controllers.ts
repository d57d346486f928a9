import { lockController } from '@cardea/wire-lock';
import { maker2Controller } from '@cardea/wire-maker2';
import type { LockController } from '@cardea/wire-profile';

/** The makers' protocols that this server speaks, by the maker's name. */
export function controllersOf(_legacy: boolean): readonly LockController<unknown>[] {
  return [lockController, maker2Controller];
}
