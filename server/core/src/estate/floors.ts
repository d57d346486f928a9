import { checkName, checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Floor } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import { checkDrawingPicture } from './drawing.ts';
import { checkDrawing, drawPlan } from './plan.ts';
import { requireUngranted } from './ungranted.ts';

const LEVEL_LEAST = -100;
const LEVEL_MOST = 1000;

/** Floors of properties, and their plans. */
export function floorUseCases({
  newId,
  now,
  read,
  write,
}: Context): Pick<
  Core['estate'],
  | 'listFloors'
  | 'addFloor'
  | 'getFloor'
  | 'changeFloor'
  | 'drawPlan'
  | 'getDrawing'
  | 'setDrawing'
  | 'removeDrawing'
  | 'removeFloor'
> {
  return {
    async listFloors(actor, propertyId, page) {
      requireScope(actor, 'estate:read');
      const filter = propertyId === undefined ? {} : { propertyId };
      return read((tx) => tx.floors.list(actor.organizationId, filter, checkPage(page)));
    },
    async addFloor(actor, input) {
      requireScope(actor, 'estate:write');
      const floor: Floor = {
        id: newId('floor'),
        organizationId: actor.organizationId,
        propertyId: input.propertyId,
        name: checkName('name', input.name),
        level: checkWhole('level', input.level, LEVEL_LEAST, LEVEL_MOST),
        plan: null,
        createdAt: now(),
      };
      await write(async (tx, note) => {
        found('property', await tx.properties.get(actor.organizationId, input.propertyId));
        await tx.floors.insert(floor);
        await note({ ...factOf(floor, actor.personId), type: 'estate.floor_added' });
      });
      return floor;
    },
    async getFloor(actor, id) {
      requireScope(actor, 'estate:read');
      return found('floor', await read((tx) => tx.floors.get(actor.organizationId, id)));
    },
    async changeFloor(actor, id, change, unchanged) {
      requireScope(actor, 'estate:write');
      const changed: Partial<Floor> = {
        ...(change.name !== undefined && { name: checkName('name', change.name) }),
        ...(change.level !== undefined && { level: checkWhole('level', change.level, LEVEL_LEAST, LEVEL_MOST) }),
      };
      return write(async (tx, note) => {
        const before = found('floor', await tx.floors.get(actor.organizationId, id));
        unchanged?.(before);
        await tx.floors.update(actor.organizationId, id, changed);
        const { detail, ...what } = factOf(before, actor.personId);
        const words = { ...detail, changed: Object.keys(changed).join(' ') };
        await note({ ...what, type: 'estate.floor_changed', detail: words });
        return { ...before, ...changed };
      });
    },
    async drawPlan(actor, id, drawing, unchanged) {
      requireScope(actor, 'estate:write');
      const places = checkDrawing(drawing);
      return write(async (tx, note) => {
        const before = found('floor', await tx.floors.get(actor.organizationId, id));
        unchanged?.(before);
        const plan = await drawPlan(tx, before, drawing, places);
        await tx.floors.update(actor.organizationId, id, { plan });
        const { detail, ...what } = factOf(before, actor.personId);
        const words = { ...detail, revision: plan.revision, doors: drawing.doors.length };
        await note({ ...what, type: 'estate.floor_planned', detail: words });
        return { ...before, plan };
      });
    },
    async getDrawing(actor, id) {
      requireScope(actor, 'estate:read');
      return read(async (tx) => {
        found('floor', await tx.floors.get(actor.organizationId, id));
        return tx.drawings.get(id);
      });
    },
    async setDrawing(actor, id, { mediaType, octets }) {
      requireScope(actor, 'estate:write');
      const type = checkDrawingPicture(mediaType, octets);
      return write(async (tx, note) => {
        const floor = found('floor', await tx.floors.get(actor.organizationId, id));
        const { organizationId } = floor;
        await tx.drawings.set({ floorId: id, organizationId, mediaType: type, octets, createdAt: now() });
        const { detail, ...what } = factOf(floor, actor.personId);
        const words = { ...detail, media_type: type, octets: octets.length };
        await note({ ...what, type: 'estate.floor_drawing_set', detail: words });
        return floor;
      });
    },
    async removeDrawing(actor, id) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const floor = found('floor', await tx.floors.get(actor.organizationId, id));
        if (!(await tx.drawings.remove(id))) throw new CoreError('not_found', 'the floor has no drawing');
        await note({ ...factOf(floor, actor.personId), type: 'estate.floor_drawing_removed' });
      });
    },
    async removeFloor(actor, id, unchanged) {
      requireScope(actor, 'estate:write');
      await write(async (tx, note) => {
        const floor = found('floor', await tx.floors.get(actor.organizationId, id));
        unchanged?.(floor);
        const doors = await tx.doors.list(actor.organizationId, { floorId: id }, { after: undefined, limit: 1 });
        if (doors.length > 0) throw new CoreError('conflict', 'the floor still has doors: remove them first');
        await requireUngranted(tx, actor.organizationId, id, 'floor');
        await tx.drawings.remove(id);
        await tx.floors.remove(actor.organizationId, id);
        await note({ ...factOf(floor, actor.personId), type: 'estate.floor_removed' });
      });
    },
  };
}

function factOf({ organizationId, propertyId, id }: Floor, personId: string) {
  return { organizationId, propertyId, personId, detail: { floor_id: id } };
}
