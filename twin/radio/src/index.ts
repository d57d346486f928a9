export { type AirFaults, NO_FAULTS } from './faults.ts';
export { type HeldCard, holdCard } from './field.ts';
export { GUEST_LIMITS, type Guest, type GuestOptions, type SimulationCommand, welcomeGuest } from './guest.ts';
export { type Hub, type HubOptions, runHub } from './hub.ts';
export { createMedium, type Medium, type MediumOptions, type PeripheralInfo } from './medium.ts';
export { type SimulationRoute, simulate } from './simulation.ts';
export type { Tap, TappedFrame, TapVerdict } from './tap.ts';
export { DEFAULT_TIMING, type RadioTiming } from './timing.ts';
