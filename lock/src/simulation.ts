import { VirtualLockError } from './errors.ts';
import type { VirtualLock } from './virtual-lock.ts';

const CLOCK_STEP_LIMIT_S = 100 * 366 * 86_400;

/** Simulation commands that a virtual lock takes: name, what its value may be, and what it does. */
const COMMANDS: Readonly<
  Record<string, { readonly values: string; readonly run: (lock: VirtualLock, value: string) => boolean }>
> = {
  jam: {
    values: 'on or off',
    run: (lock, value) => word(value, { on: () => lock.jam(true), off: () => lock.jam(false) }),
  },
  battery: {
    values: 'a whole number of percent from 0 to 100',
    run: (lock, value) => whole(value, 0, 100, (percent) => lock.battery(percent)),
  },
  clock: {
    values: 'seconds with a sign, such as +125',
    run: (lock, value) => whole(value, -CLOCK_STEP_LIMIT_S, CLOCK_STEP_LIMIT_S, (seconds) => lock.stepClock(seconds)),
  },
  door: {
    values: 'open or closed',
    run: (lock, value) => word(value, { open: () => lock.door(true), closed: () => lock.door(false) }),
  },
  tamper: {
    values: 'on or off',
    run: (lock, value) => word(value, { on: () => lock.tamper(true), off: () => lock.tamper(false) }),
  },
  press: {
    values: 'button, or code (the printed code is entered)',
    run: (lock, value) =>
      word(value, {
        '': () => lock.pressButton(),
        button: () => lock.pressButton(),
        code: () => lock.enterPrintedCode(),
      }),
  },
  code: {
    values: '1 to 32 characters',
    run(lock, value) {
      if (value.length < 1 || value.length > 32) return false;
      lock.enterCode(value);
      return true;
    },
  },
  pin: {
    values: '4 to 12 digits',
    run(lock, value) {
      if (!/^\d{4,12}$/.test(value)) return false;
      lock.enterCode(value);
      return true;
    },
  },
  privacy: {
    values: 'on or off',
    run: (lock, value) => word(value, { on: () => lock.privacy(true), off: () => lock.privacy(false) }),
  },
  knob: {
    values: 'unlock or lock',
    run: (lock, value) => word(value, { unlock: () => lock.knob('unlock'), lock: () => lock.knob('lock') }),
  },
  window: { values: 'open', run: (lock, value) => word(value, { open: () => lock.openWindow() }) },
  reset: { values: 'yes', run: (lock, value) => word(value, { yes: () => lock.factoryReset() }) },
  power: {
    values: 'on, off or cycle',
    run: (lock, value) =>
      word(value, { on: () => lock.powerOn(), off: () => lock.powerOff(), cycle: () => lock.powerOn() }),
  },
};

/** Does to a virtual lock what a simulation command says. @throws VirtualLockError `invalid`, naming what may be said */
export function simulateAtLock(lock: VirtualLock, fault: string, value: string): void {
  const command = Object.hasOwn(COMMANDS, fault) ? COMMANDS[fault] : undefined;
  if (command === undefined) {
    throw new VirtualLockError(
      'invalid',
      `fault: must be one of ${Object.keys(COMMANDS).join(', ')}, range, delay, loss`,
    );
  }
  if (!command.run(lock, value)) throw new VirtualLockError('invalid', `${fault}: must be ${command.values}`);
}

function word(value: string, words: Readonly<Record<string, () => void>>): boolean {
  const run = Object.hasOwn(words, value) ? words[value] : undefined;
  run?.();
  return run !== undefined;
}

function whole(value: string, least: number, most: number, run: (value: number) => void): boolean {
  const found = /^[+-]?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(found >= least && found <= most)) return false;
  run(found);
  return true;
}
