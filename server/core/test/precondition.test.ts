import { describe, expect, it } from 'vitest';
import { CoreError, type Door } from '../src/index.ts';
import { openWorld } from './kit.ts';

describe('a precondition is looked at in the transaction that makes the change (RFC 9110, 13.1.1)', () => {
  it('sees a change that was queued before the removal and committed with it', async () => {
    const { core, owner, store, propertyId } = await openWorld();
    const { id } = await core.estate.addDoor(owner, { propertyId, floorId: null, name: '900' });
    const read = await core.estate.getDoor(owner, id);
    // Both units wait for the same commit: at the time of asking, the door is still what was read.
    const change = store.unit((tx) => tx.doors.update(owner.organizationId, id, { name: '901' }));
    const seen: Door[] = [];
    const removal = core.estate.removeDoor(owner, id, (now) => {
      seen.push(now);
      if (now.name !== read.name) throw new CoreError('precondition_failed', 'it has changed');
    });
    await expect(removal).rejects.toMatchObject({ code: 'precondition_failed' });
    await change;
    expect(seen.map(({ name }) => name)).toEqual(['901']);
    expect(await core.estate.getDoor(owner, id)).toMatchObject({ name: '901' });
  });

  it('is not looked at where there is no such thing', async () => {
    const { core, owner } = await openWorld();
    const never = (): never => expect.unreachable();
    await expect(core.estate.removeDoor(owner, 'door_0', never)).rejects.toMatchObject({ code: 'not_found' });
    await expect(core.estate.removeFloor(owner, 'floor_0', never)).rejects.toMatchObject({ code: 'not_found' });
    await expect(core.estate.removeProperty(owner, 'prop_0', never)).rejects.toMatchObject({ code: 'not_found' });
    await expect(core.gateways.remove(owner, 'gw_0', never)).rejects.toMatchObject({ code: 'not_found' });
    await expect(core.persons.remove(owner, 'per_0', never)).rejects.toMatchObject({ code: 'not_found' });
  });
});
