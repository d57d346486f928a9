export { type AirFaults, NO_FAULTS } from './faults.ts';
export { createMedium, type Medium, type MediumOptions, type PeripheralInfo } from './medium.ts';
export type { Tap, TappedFrame, TapVerdict } from './tap.ts';
export { DEFAULT_TIMING, type RadioTiming } from './timing.ts';
