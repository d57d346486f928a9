import { randomBytes } from 'node:crypto';
import type { Client } from '@cardea/client-sdk';

/** Gives an estate what pages show that a new one does not have: a schedule, a guest, a grant. */
export async function furnish(api: Client): Promise<void> {
  const [property] = (await api.properties.page({ limit: 1 })).items;
  const [door] = (await api.doors.page({ limit: 1 })).items;
  if (property === undefined || door === undefined) throw new Error('the estate has no door');
  const weekly = [{ days: ['monday' as const, 'friday' as const], from: '22:00', to: '06:00' }];
  const schedule = await api.schedules.add({ property_id: property.id, name: 'Nights', weekly });
  const password = randomBytes(12).toString('base64url');
  const guest = await api.persons.add({ name: 'Guest 1', email: 'guest1@example.org', role: 'guest', password });
  await api.grants.create({
    person_id: guest.id,
    scope: { kind: 'doors', door_ids: [door.id] },
    schedule_id: schedule.id,
    methods: ['mobile_key', 'pin'],
  });
}
