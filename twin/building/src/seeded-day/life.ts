import type { Random } from '@cardea/kit-runtime';
import { Secret } from '@cardea/kit-runtime';
import { type DayEstate, type Happening, pick, someTime } from './day.ts';

const WRONG = new Secret('a password that nobody has');

/** What happens on any day: people come and go, mistype, jam a bolt, pull a plug, ask for what is not theirs once. */
export function ordinaryLife(random: Random): readonly Happening[] {
  return [
    ...times(random, 60, 'somebody opens a door from afar', async ({ estate }) => {
      await estate.operate(anyDoor(estate.doors, random), 'unlock');
    }),
    ...times(random, 40, 'somebody goes in or out by the knob', async ({ estate }) => {
      const lock = estate.lock(anyDoor(estate.doors, random));
      lock.knob('unlock');
      lock.door(true);
      await estate.clock.advance(4_000);
      lock.door(false);
      lock.knob('lock');
    }),
    ...times(random, 3, 'a bolt is held and let go', async ({ estate }) => {
      const door = anyDoor(estate.doors, random);
      estate.lock(door).jam(true);
      await estate.operate(door, 'unlock');
      estate.lock(door).jam(false);
    }),
    ...times(random, 4, 'somebody mistypes a password up to three times, then has it', async (day) => {
      const { email } = anyStaff(day, random);
      for (let i = 0; i <= pick(random, 3); i++) await signIn(day, email, WRONG);
    }),
    ...times(random, 3, 'the gateway loses its connection once or twice', async ({ estate }) => {
      for (let i = 0; i <= pick(random, 2); i++) {
        estate.cutUplink();
        await estate.clock.advance(30_000);
      }
    }),
    ...times(random, 4, 'one message is damaged on the air', async ({ estate, wire }) => {
      wire.once = true;
      await estate.operate(anyDoor(estate.doors, random), 'status');
    }),
    ...times(random, 4, 'somebody asks twice for what is not theirs', async (day) => {
      const { actor } = anyStaff(day, random);
      for (let i = 0; i < 2; i++) await day.estate.ras.core.access.denied(actor, 'addPerson');
    }),
    ...times(random, 2, 'a door is held open', async ({ estate }) => {
      const lock = estate.lock(anyDoor(estate.doors, random));
      lock.knob('unlock');
      lock.door(true);
      await estate.clock.advance(120_000);
      lock.door(false);
      lock.knob('lock');
    }),
    ...times(random, 1, 'a battery gets low and is changed', async ({ estate }) => {
      const lock = estate.lock(anyDoor(estate.doors, random));
      lock.battery(12);
      await estate.clock.advance(600_000);
      lock.battery(100);
    }),
  ];
}

/** Tries to sign in, from an address of the house; whether it worked is not looked at. */
export async function signIn(
  { estate }: DayEstate,
  email: string,
  password: Secret<string>,
  from = '192.0.2.1',
): Promise<void> {
  await estate.ras.core.access.signIn(email, password, from).catch(() => {});
}

/** One of the doors. */
export function anyDoor(doors: readonly string[], random: Random): string {
  const door = doors[pick(random, doors.length)];
  if (door === undefined) throw new Error('the estate has no doors');
  return door;
}

/** One of the staff. */
export function anyStaff({ staff }: DayEstate, random: Random): DayEstate['staff'][number] {
  const one = staff[pick(random, staff.length)];
  if (one === undefined) throw new Error('the hotel has no staff');
  return one;
}

function times(random: Random, most: number, what: string, run: Happening['run']): readonly Happening[] {
  const count = 1 + pick(random, most);
  return Array.from({ length: count }, () => ({ atMs: someTime(random), what, run }));
}
