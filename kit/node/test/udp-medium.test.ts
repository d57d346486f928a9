import { expect, it } from 'vitest';
import { openUdpPlace, UDP_FRAME_MAX_OCTETS } from '../src/index.ts';

/** Collects frames; `got(n)` resolves when there are so many. */
function ear() {
  const frames: Uint8Array[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void } | undefined;
  return {
    frames,
    hear(frame: Uint8Array) {
      frames.push(frame);
      if (waiting !== undefined && frames.length >= waiting.count) waiting.resolve();
    },
    got: (count: number) =>
      new Promise<void>((resolve) => {
        if (frames.length >= count) resolve();
        else waiting = { count, resolve };
      }),
  };
}

it('what is sent at one place of the medium is heard at every other, and not there', async () => {
  const ports: number[] = [];
  const ears = [ear(), ear(), ear()];
  const places = await Promise.all(ears.map(({ hear }) => openUdpPlace(() => ports, hear)));
  ports.push(...places.map(({ port }) => port));
  const longest = new Uint8Array(UDP_FRAME_MAX_OCTETS).fill(7);
  places[0]?.send(Uint8Array.of(1));
  places[1]?.send(longest);
  await Promise.all([ears[0]?.got(1), ears[1]?.got(1), ears[2]?.got(2)]);
  expect(ears[0]?.frames).toEqual([longest]);
  expect(ears[1]?.frames).toEqual([Uint8Array.of(1)]);
  expect(ears[2]?.frames).toHaveLength(2);
  await Promise.all(places.map((place) => place.close()));
});

it('a place that is gone is nobody: others go on, and it says no more', async () => {
  const ports: number[] = [];
  const ears = [ear(), ear(), ear()];
  const [a, b, c] = await Promise.all(ears.map(({ hear }) => openUdpPlace(() => ports, hear)));
  ports.push(...[a, b, c].map((place) => place?.port ?? 0));
  await b?.close();
  b?.send(Uint8Array.of(9));
  for (let i = 0; i < 3; i++) a?.send(Uint8Array.of(i));
  await ears[2]?.got(3);
  expect(ears[1]?.frames).toEqual([]);
  await Promise.all([a, c].map((place) => place?.close()));
  await b?.close();
});

it('a frame that does not fit is refused', async () => {
  const place = await openUdpPlace(
    () => [],
    () => {},
  );
  expect(() => place.send(new Uint8Array(UDP_FRAME_MAX_OCTETS + 1))).toThrow(RangeError);
  await place.close();
});
