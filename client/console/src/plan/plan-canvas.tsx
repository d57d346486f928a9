import { useTexts } from '@cardea/client-ui';
import { ActionIcon, Tooltip, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { EnterFullScreenIcon, ZoomInIcon, ZoomOutIcon } from '@radix-ui/react-icons';
import { type ReactNode, type RefObject, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { doorLine } from '../doors/door-words.ts';
import { useLiveDoor, useLiveEstate } from '../live/live.tsx';
import { useZone } from '../shell/property.tsx';
import { GRID } from './draft.ts';
import { type FloorDoors, layOut, type Point, SPACING } from './layout.ts';
import { type Picture, type PlannedDoor, paint, paintAnew, signPx } from './paint.ts';
import { type Palette, readPalette } from './palette.ts';
import { createSpatialIndex, type Direction } from './spatial.ts';
import { Sprites } from './sprites.ts';
import { planTexts } from './texts.ts';
import { useBackdrop } from './use-backdrop.ts';
import { fit, move, reveal, type Size, toSheet, type View, zoom } from './view.ts';

const STEP = 1.35;
const MOVE_PX = 80;
/** A pointer that has moved less was a click. */
const CLICK_PX = 5;
/** A sign is hit up to here from its middle, however small it is drawn. */
const MIN_REACH_PX = 12;

const TOWARDS: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/**
 * The doors where they are, drawn on one canvas. States are painted as the live estate tells of them; React has no part in
 * it. For keyboards and screen readers it is a list box that goes from door to door.
 */
export function PlanCanvas({
  floors,
  chosenId,
  onChoose,
  onOpen,
  onPlace,
}: {
  readonly floors: readonly FloorDoors[];
  readonly chosenId: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
  readonly onOpen: (id: string) => void;
  /** Told where a door was put, on the sheet; with it doors are moved, and the plan is of one floor. */
  readonly onPlace?: (id: string, point: Point) => void;
}): ReactNode {
  const say = useTexts(planTexts);
  const estate = useLiveEstate();
  const scheme = useComputedColorScheme('light');
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const optionId = useId();
  const helpId = useId();
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const plan = useMemo(() => {
    const sheet = layOut(floors);
    const nameOf = new Map(floors.flatMap(({ doors }) => doors.map(({ id, name }) => [id, name] as const)));
    const doors = sheet.doors.map((door): PlannedDoor => ({ ...door, name: nameOf.get(door.id) ?? '' }));
    return {
      sheet,
      doors,
      byId: new Map(doors.map((door) => [door.id, door])),
      index: createSpatialIndex(doors, 2 * SPACING),
    };
  }, [floors]);

  const backdrop = useBackdrop(floors);
  const view = useRef<View>({ x: 0, y: 0, scale: 1 });
  const asked = useRef(false);
  const chosen = chosenId === undefined ? undefined : plan.byId.get(chosenId);
  const look = useRef<{ palette: Palette; sprites: Sprites } | undefined>(undefined);
  /** The door that is being moved, where it is at the moment; React hears of it when it is put down. */
  const moved = useRef<PlannedDoor | undefined>(undefined);
  /** The same for who moves it by keyboard: said at each step. */
  const [held, setHeld] = useState<PlannedDoor>();

  /** Draws the whole, or the doors of these ids anew. */
  const draw = useCallback(
    (ids?: ReadonlySet<string>) => {
      const context = canvas.current?.getContext('2d');
      if (!context || look.current === undefined || size.width === 0) return;
      const picture: Picture = {
        ...look.current,
        sheet: plan.sheet,
        index: plan.index,
        stateOf: (id) => estate.door(id)?.state,
        view: view.current,
        size,
        ratio: devicePixelRatio,
        chosen,
        moved: moved.current,
        backdrop,
      };
      if (ids === undefined) paint(context, picture);
      else
        paintAnew(
          context,
          picture,
          [...ids].flatMap((id) => plan.byId.get(id) ?? []),
        );
    },
    [plan, estate, size, chosen, backdrop],
  );
  const newest = useRef(draw);
  newest.current = draw;
  const redraw = useCallback(() => {
    if (asked.current) return;
    asked.current = true;
    requestAnimationFrame(() => {
      asked.current = false;
      newest.current();
    });
  }, []);
  const see = useCallback(
    (next: View) => {
      view.current = next;
      redraw();
    },
    [redraw],
  );

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // Fitted when the plan or the window has another size, not when a state changes or a door is moved.
  const fitted = useRef('');
  useEffect(() => {
    if (canvas.current !== null) {
      canvas.current.width = Math.round(size.width * devicePixelRatio);
      canvas.current.height = Math.round(size.height * devicePixelRatio);
    }
    const { width, height } = plan.sheet.box;
    const now = `${width} ${height} ${size.width} ${size.height}`;
    if (size.width === 0 || now === fitted.current) return redraw();
    fitted.current = now;
    see(fit(plan.sheet.box, size));
  }, [plan, size, see, redraw]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which the scheme changes
  useEffect(() => {
    if (holder.current === null) return;
    const palette = readPalette(holder.current);
    look.current = { palette, sprites: new Sprites(palette) };
    redraw();
  }, [scheme, redraw]);
  // What is drawn as soon as it is told is on the screen with the very next frame.
  useEffect(
    () =>
      estate.changes.add((ids) => {
        if (!asked.current) newest.current(ids);
      }),
    [estate],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever `draw` draws has changed
  useEffect(redraw, [draw]);

  const middle = (): Point => ({ x: size.width / 2, y: size.height / 2 });
  const choose = (door: PlannedDoor | undefined): void => {
    if (door === undefined) return;
    see(reveal(view.current, door, size, 48));
    onChoose(door.id);
  };
  const carry = (door: PlannedDoor | undefined): void => {
    moved.current = door;
    redraw();
  };
  const putDown = (): void => {
    const door = moved.current;
    carry(undefined);
    setHeld(undefined);
    if (door !== undefined) onPlace?.(door.id, door);
  };
  const onHeldKey = (key: string, shift: boolean, door: PlannedDoor): boolean => {
    const direction = ARROWS[key];
    if (direction !== undefined) {
      const by = shift ? 4 * GRID : GRID;
      const { box } = plan.sheet;
      const next = {
        ...door,
        x: within(door.x + by * TOWARDS[direction].x, box.x, box.x + box.width),
        y: within(door.y + by * TOWARDS[direction].y, box.y, box.y + box.height),
      };
      see(reveal(view.current, next, size, 48));
      carry(next);
      setHeld(next);
    } else if (key === 'Enter' || key === ' ') putDown();
    else if (key === 'Escape') {
      carry(undefined);
      setHeld(undefined);
    } else return false;
    return true;
  };
  const onKey = (key: string, shift: boolean): boolean => {
    if (held !== undefined) return onHeldKey(key, shift, held);
    const direction = ARROWS[key];
    if (onPlace !== undefined && chosen !== undefined && (key === 'Enter' || key === ' ')) {
      carry(chosen);
      setHeld(chosen);
    } else if (direction !== undefined && shift) {
      const by = { left: [MOVE_PX, 0], right: [-MOVE_PX, 0], up: [0, MOVE_PX], down: [0, -MOVE_PX] } as const;
      const [x, y] = by[direction];
      see(move(view.current, { x, y }, plan.sheet.box, size));
    } else if (direction !== undefined) {
      choose(chosen === undefined ? plan.doors[0] : plan.index.next(chosen, direction));
    } else if (key === 'Home') choose(plan.doors[0]);
    else if (key === 'End') choose(plan.doors.at(-1));
    else if (key === '+' || key === '=') see(zoom(view.current, STEP, middle()));
    else if (key === '-') see(zoom(view.current, 1 / STEP, middle()));
    else if (key === '0') see(fit(plan.sheet.box, size));
    else if (key === 'Escape') onChoose(undefined);
    else if ((key === 'Enter' || key === ' ') && chosen !== undefined) onOpen(chosen.id);
    else return false;
    return true;
  };
  const doorAt = (at: Point): PlannedDoor | undefined => {
    const reach = Math.max(MIN_REACH_PX, signPx(view.current.scale) / 2) / view.current.scale;
    return plan.index.nearest(toSheet(view.current, at), reach);
  };
  const grabbed = useRef<PlannedDoor | undefined>(undefined);
  useHands(holder, {
    move: (by) => see(move(view.current, by, plan.sheet.box, size)),
    zoom: (factor, at) => see(zoom(view.current, factor, at)),
    grab: (at) => {
      if (onPlace === undefined || held !== undefined) return false;
      const door = doorAt(at);
      grabbed.current = door;
      return door !== undefined;
    },
    drag: (at) => {
      if (grabbed.current !== undefined) carry({ ...grabbed.current, ...toSheet(view.current, at) });
    },
    drop: putDown,
    hit: (at) => {
      // Whoever cannot drag chooses a door and then the place (WCAG 2.2, 2.5.7).
      if (onPlace !== undefined && chosenId !== undefined && doorAt(at) === undefined) {
        return onPlace(chosenId, toSheet(view.current, at));
      }
      const door = doorAt(at);
      if (door !== undefined && door.id === chosenId) onOpen(door.id);
      else onChoose(door?.id);
    },
  });

  return (
    <div className="plan">
      <canvas ref={canvas} className="plan-drawing" />
      <div
        ref={holder}
        className="plan-sheet"
        role="listbox"
        tabIndex={0}
        aria-label={say('plan')}
        aria-describedby={helpId}
        aria-activedescendant={chosen === undefined ? undefined : optionId}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (onKey(event.key, event.shiftKey)) event.preventDefault();
        }}
      >
        <ChosenOption id={optionId} doorId={chosen?.id} held={held} />
      </div>
      <VisuallyHidden id={helpId}>{say('help')}</VisuallyHidden>
      <div className="plan-tools">
        <Tool label={say('larger')} onClick={() => onKey('+', false)}>
          <ZoomInIcon />
        </Tool>
        <Tool label={say('smaller')} onClick={() => onKey('-', false)}>
          <ZoomOutIcon />
        </Tool>
        <Tool label={say('whole')} onClick={() => onKey('0', false)}>
          <EnterFullScreenIcon />
        </Tool>
      </div>
    </div>
  );
}

/** The door at hand as an option, said when it is chosen. */
function ChosenOption({
  id,
  doorId,
  held,
}: {
  readonly id: string;
  readonly doorId: string | undefined;
  /** Where it is while it is moved by keyboard. */
  readonly held: PlannedDoor | undefined;
}): ReactNode {
  const say = useTexts(planTexts);
  const zone = useZone();
  const live = useLiveDoor(doorId ?? '');
  const state = live === undefined ? say('chooseOne') : doorLine(live.door.name, live.state, zone, Date.now());
  return (
    <VisuallyHidden id={id} role="option" tabIndex={-1} aria-selected={doorId !== undefined}>
      {held === undefined
        ? state
        : say('held', { door: held.name, x: inCentimetres(held.x), y: inCentimetres(held.y) })}
    </VisuallyHidden>
  );
}

function Tool({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Tooltip label={label} position="left">
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** What hands do to the sheet; all points in CSS pixels of the canvas. */
interface Hands {
  readonly move: (by: Point) => void;
  readonly zoom: (factor: number, at: Point) => void;
  readonly hit: (at: Point) => void;
  /** Whether there is something below a finger or the mouse that is dragged instead of the sheet. */
  readonly grab: (at: Point) => boolean;
  readonly drag: (at: Point) => void;
  readonly drop: () => void;
}

/** Dragging with one finger or the mouse, pinching with two, turning the wheel, clicking. */
function useHands(sheet: RefObject<HTMLElement | null>, hands: Hands): void {
  const newest = useRef(hands);
  newest.current = hands;
  useEffect(() => {
    const element = sheet.current;
    if (element === null) return;
    const down = new Map<number, Point>();
    let travelledPx = 0;
    let dragging = false;
    const ending = new AbortController();
    const options = { signal: ending.signal };
    const at = (event: MouseEvent): Point => ({ x: event.offsetX, y: event.offsetY });
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (down.size === 0) {
          travelledPx = 0;
          dragging = newest.current.grab(at(event));
        }
        down.set(event.pointerId, at(event));
        element.setPointerCapture(event.pointerId);
      },
      options,
    );
    element.addEventListener(
      'pointermove',
      (event) => {
        const before = down.get(event.pointerId);
        if (before === undefined) return;
        const now = at(event);
        const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
        down.set(event.pointerId, now);
        travelledPx += Math.hypot(now.x - before.x, now.y - before.y);
        if (dragging) {
          if (travelledPx >= CLICK_PX) newest.current.drag(now);
          return;
        }
        const share = other === undefined ? 1 : 0.5;
        newest.current.move({ x: (now.x - before.x) * share, y: (now.y - before.y) * share });
        if (other === undefined) return;
        const factor = distance(now, other) / Math.max(1, distance(before, other));
        newest.current.zoom(factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      },
      options,
    );
    const up = (event: PointerEvent): void => {
      const was = down.delete(event.pointerId);
      if (!was || down.size > 0) return;
      if (travelledPx >= CLICK_PX) {
        if (dragging) newest.current.drop();
      } else if (event.type === 'pointerup') newest.current.hit(at(event));
      dragging = false;
    };
    element.addEventListener('pointerup', up, options);
    element.addEventListener('pointercancel', up, options);
    element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        newest.current.zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0018 : 0.05)), at(event));
      },
      { ...options, passive: false },
    );
    return () => ending.abort();
  }, [sheet]);
}

const inCentimetres = (metres: number): number => Math.round(metres * 100) / 100;

const within = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
