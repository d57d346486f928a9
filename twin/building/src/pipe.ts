import type { Clock } from '@cardea/kit-runtime';

/** One end of a pipe: what is written comes out at the other end, in order, after the pipe's latency. */
export interface PipeEnd {
  write(octets: Uint8Array): void;
  close(): void;
}

/** What an end is told. */
export interface PipeEvents {
  received(octets: Uint8Array): void;
  closed(): void;
}

/** A pipe that can be cut, as a cable can. */
export interface Pipe {
  readonly a: PipeEnd;
  readonly b: PipeEnd;
  cut(): void;
}

/**
 * An in-memory stand-in for a TLS connection under any clock, for the twin alone: reliable, in order, `latencyMs` one
 * way. The events of each end are asked for when something is due, so that they may be made after the pipe.
 */
export function createPipe(clock: Clock, latencyMs: number, a: () => PipeEvents, b: () => PipeEvents): Pipe {
  let open = true;
  const deliver = (to: () => PipeEvents, octets: Uint8Array): void => {
    clock.after(latencyMs, () => {
      if (open) to().received(octets);
    });
  };
  const close = (): void => {
    clock.after(latencyMs, () => {
      if (!open) return;
      open = false;
      a().closed();
      b().closed();
    });
  };
  return {
    a: { write: (octets) => open && deliver(b, octets), close },
    b: { write: (octets) => open && deliver(a, octets), close },
    cut: close,
  };
}
