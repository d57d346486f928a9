export { bodyOf, decodeMechanics, encodeMechanics, type Mechanics, mechanicsOf } from './body/mechanics.ts';
export { type MechanicsFile, openMechanicsFile } from './body/mechanics-file.ts';
export { type BodyEffect, type BodyInput, type BodyState, NEW_BODY, TRAVEL_MS } from './body/state.ts';
export { bodyWakesAtMs, stepBody } from './body/step.ts';
export type { Cause, Witnessed } from './body/witness.ts';
export { cardeaLegacyMachine, cardeaMachine } from './device/cardea.ts';
export type { DeviceMachine, LockFactoryIdentity } from './device/machine.ts';
export { maker2Machine } from './device/maker2.ts';
export { createElement, type ElementKeys, type ElementOptions, type SecureElement } from './element.ts';
export { VirtualLockError, type VirtualLockErrorCode } from './errors.ts';
export { type FileFlash, openFileFlash } from './flash/file-flash.ts';
export { type Flash, type FlashSize, LOCK_FLASH, SCPM_FLASH } from './flash/flash.ts';
export { createNorFlash, type NorFlash } from './flash/nor-flash.ts';
export { type DurableCodec, type DurableStore, type FlashSeal, openDurableStore } from './flash/store.ts';
export { type LockProcess, type LockProcessOptions, runLockProcess } from './process/run-lock-process.ts';
export type { ScpmParts } from './scpm/hop.ts';
export { simulateAtLock } from './simulation.ts';
export {
  run as runVirtualLockOf,
  runVirtualLock,
  type VirtualLock,
  type VirtualLockIdentity,
  type VirtualLockOptions,
  type VirtualLockView,
} from './virtual-lock.ts';
