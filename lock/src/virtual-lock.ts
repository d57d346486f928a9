import type { Primitives } from '@cardea/kit-crypto';
import type { CardContact, Radio } from '@cardea/kit-radio';
import type { Cancel, Clock, Log, Random, Secret } from '@cardea/kit-runtime';
import type { BodyStatus, DeviceInput } from '@cardea/wire-profile';
import { bodyOf, type Mechanics, mechanicsOf } from './body/mechanics.ts';
import { type BodyInput, type BodyState, NEW_BODY, TRAVEL_MS } from './body/state.ts';
import { bodyWakesAtMs, stepBody } from './body/step.ts';
import { type Witnessed, witnessed } from './body/witness.ts';
import { cardeaLegacyMachine, cardeaMachine } from './device/cardea.ts';
import type { DeviceMachine, LockFactoryIdentity } from './device/machine.ts';
import { maker2Machine } from './device/maker2.ts';
import { createElement, type ElementKeys } from './element.ts';
import type { Flash } from './flash/flash.ts';
import { createLockClock } from './lock-clock.ts';
import { type DeviceRunner, runDevice } from './runner.ts';
import type { ScpmParts } from './scpm/hop.ts';

/** Who a virtual lock is, and how its radio behaves. */
export interface VirtualLockIdentity extends LockFactoryIdentity {
  /** Name of the maker's profile. */
  readonly maker: 'cardea' | 'cardea-legacy' | 'maker2';
  readonly bluetooth: '4.2' | '5.0';
  /** The largest ATT MTU that it accepts. */
  readonly mtu: number;
  /** The private scalar of its serial key (32 octets); locks of an earlier make have none and sign nothing. */
  readonly serialKey?: Secret | undefined;
}

/** What a virtual lock is made of. */
export interface VirtualLockOptions {
  readonly identity: VirtualLockIdentity;
  readonly flash: Flash;
  readonly radio: Radio;
  readonly clock: Clock;
  readonly random: Random;
  readonly primitives: Primitives;
  /** P-256, of the secure element. */
  readonly agreement: ElementKeys;
  readonly log: Log;
  /** With it, a lock of maker `cardea` can be brought into a domain of SCPM. */
  readonly scpm?: ScpmParts;
  /** Bolt, door and battery as a former process left them, and where they are kept: a new lock's when left out. */
  readonly mechanics?: { readonly found: Mechanics | undefined; keep(mechanics: Mechanics): void };
  /** Motor time of the bolt; {@link TRAVEL_MS} when left out. */
  readonly travelMs?: number;
  /** Told what is seen of the bolt, before the lock itself hears of it. */
  readonly witness?: (seen: Witnessed) => void;
}

/** What can be seen of a virtual lock without asking it by radio. */
export interface VirtualLockView {
  readonly identifier: string;
  readonly powered: boolean;
  readonly boltOut: boolean;
  readonly jammed: boolean;
  readonly doorOpen: boolean;
  readonly batteryPercent: number;
  readonly tamper: boolean;
  readonly privacy: boolean;
  /** A binding waits for the button or the printed code. */
  readonly confirmationWanted: boolean;
  /** It holds the user key of a domain of SCPM: its gateway reaches it inside SCPM alone. */
  readonly hasUserKey: boolean;
  /** How often the bolt came to rest unlocked since this process started. */
  readonly opens: number;
}

/** A virtual lock: what hands, keys and the world do to it. Its radio is its only way to other actors. */
export interface VirtualLock {
  view(): VirtualLockView;
  /** Something holds the bolt, or no longer does. */
  jam(on: boolean): void;
  /** 0 to 100. */
  battery(percent: number): void;
  door(open: boolean): void;
  tamper(on: boolean): void;
  privacy(on: boolean): void;
  /** The knob inside. */
  knob(operation: 'unlock' | 'lock'): void;
  pressButton(): void;
  /** Somebody enters a code at the keypad: a PIN, or the printed code while a binding waits. */
  enterCode(code: string): void;
  /** Somebody holds a card to the reader. */
  presentCard(contact: CardContact): void;
  /** Somebody enters the code from the label. */
  enterPrintedCode(): void;
  /** Moves its hardware clock. */
  stepClock(seconds: number): void;
  openWindow(): void;
  /** The reset at the lock itself. */
  factoryReset(): void;
  powerOff(): void;
  /** Reads the flash and starts. @throws VirtualLockError `flash_corrupt` */
  powerOn(): void;
  close(): void;
}

/** Starts a virtual lock. @throws VirtualLockError `flash_corrupt` */
export function runVirtualLock(options: VirtualLockOptions): VirtualLock {
  // Each call settles the machine's own types, which the actor does not know.
  switch (options.identity.maker) {
    case 'cardea':
      return run(cardeaMachine, options);
    case 'cardea-legacy':
      return run(cardeaLegacyMachine, options);
    case 'maker2':
      return run(maker2Machine, options);
  }
}

/** Starts a virtual lock of any maker, or of a maker's weak double. @throws VirtualLockError `flash_corrupt` */
export function run<State, Durable, Change>(
  machine: DeviceMachine<State, Durable, Change>,
  { identity, flash, radio, random, primitives, agreement, log, ...options }: VirtualLockOptions,
): VirtualLock {
  const { identifier, printedCode } = identity;
  const clock = createLockClock(options.clock);
  const { factoryKey: rootKey, serialKey } = identity;
  const element = createElement({ primitives, random, agreement, rootKey, identifier, serialKey });
  const { mechanics } = options;
  const sensed = mechanics?.found === undefined ? NEW_BODY : bodyOf(mechanics.found);
  let body: BodyState = { ...sensed, travelMs: options.travelMs ?? TRAVEL_MS };
  let bodyTimer: Cancel | undefined;
  let device: DeviceRunner | undefined;
  let confirmationWanted = false;
  let opens = 0;
  let shown = '';

  const peripheral = radio.serve(
    machine.service,
    {
      connected: (link) => (device === undefined ? link.disconnect() : device.connected(link)),
      written: (link, characteristic, value) => device?.written(link, characteristic, value),
      disconnected: (link) => device?.disconnected(link),
    },
    { name: identifier, bluetooth: identity.bluetooth, mtu: identity.mtu },
  );

  const happen = (input: BodyInput): void => {
    const before = body;
    const step = stepBody(clock.monotonic(), body, input);
    body = step.state;
    if (before.boltOut && !body.boltOut) opens++;
    for (const seen of witnessed(before, input, body)) options.witness?.(seen);
    mechanics?.keep(mechanicsOf(body));
    bodyTimer?.();
    const wakesAtMs = device === undefined ? undefined : bodyWakesAtMs(body);
    bodyTimer =
      wakesAtMs === undefined ? undefined : clock.after(wakesAtMs - clock.monotonic(), () => happen({ kind: 'wake' }));
    tellStatus();
    for (const effect of step.effects) {
      if (effect.kind === 'happened') device?.input({ ...effect, actor: 0 });
      else device?.input({ ...effect, detail: 0, status: statusOf(body) });
    }
  };
  const tellStatus = (): void => {
    const status = statusOf(body);
    const text = JSON.stringify(status);
    if (text === shown) return;
    shown = text;
    device?.input({ kind: 'status', status });
  };
  const tell = (input: DeviceInput): void => device?.input(input);

  const powerOff = (): void => {
    device?.powerOff();
    device = undefined;
    confirmationWanted = false;
    bodyTimer?.();
    peripheral.advertise(undefined);
  };
  const powerOn = (): void => {
    powerOff();
    device = runDevice({
      machine,
      identity,
      flash,
      element,
      clock,
      primitives,
      scpm: machine.maker === 'cardea' ? options.scpm : undefined,
      advertise: (address, data) => peripheral.advertise({ address, data }),
      act: (operation, token) => happen({ kind: 'act', operation, token }),
      configure: (autoRelockS, heldOpenS) => happen({ kind: 'configure', autoRelockS, heldOpenS }),
      confirmationWanted(wanted) {
        confirmationWanted = wanted;
      },
      failed(error) {
        log.error('the lock has stopped', {
          lock: identifier,
          reason: error instanceof Error ? error.message : 'unknown',
        });
        powerOff();
      },
    });
    shown = JSON.stringify(statusOf(body));
    device.input({ kind: 'powered-on', status: statusOf(body) });
    happen({ kind: 'powered-on' });
  };
  powerOn();

  return {
    view: () => ({
      identifier,
      powered: device !== undefined,
      boltOut: body.boltOut,
      jammed: body.jammed,
      doorOpen: body.doorOpen,
      batteryPercent: body.batteryPercent,
      tamper: body.tamper,
      privacy: body.privacy,
      confirmationWanted,
      hasUserKey: device?.hasUserKey ?? false,
      opens,
    }),
    jam: (on) => happen({ kind: 'block', on }),
    battery: (percent) => happen({ kind: 'battery', percent }),
    door: (open) => happen({ kind: 'door', open }),
    tamper: (on) => happen({ kind: 'tamper', on }),
    privacy: (on) => happen({ kind: 'privacy', on }),
    knob: (operation) => happen({ kind: 'knob', operation }),
    pressButton: () => tell({ kind: 'button' }),
    enterCode: (code) => tell({ kind: 'code', code }),
    presentCard: (contact) => device?.cardPresented(contact),
    enterPrintedCode() {
      if (printedCode !== undefined) tell({ kind: 'code', code: printedCode.reveal() });
    },
    stepClock: (seconds) => clock.step(1_000 * seconds),
    openWindow: () => tell({ kind: 'open-window' }),
    factoryReset: () => tell({ kind: 'factory-reset' }),
    powerOff,
    powerOn,
    close() {
      powerOff();
      peripheral.close();
    },
  };
}

function statusOf({ boltOut, jammed, doorOpen, tamper, privacy, batteryPercent }: BodyState): BodyStatus {
  return { bits: { boltOut, jammed, doorOpen, tamper, privacy }, batteryPercent };
}
