/** One ATT value that crosses a link, as somebody between the two sees it. */
export interface TappedFrame {
  readonly link: number;
  readonly central: string;
  /** Name of the peripheral to the simulation. */
  readonly peripheral: string;
  readonly direction: 'to-peripheral' | 'to-central';
  readonly characteristic: string;
  readonly value: Uint8Array;
}

/**
 * What becomes of a frame: it passes; it is dropped although the sender's stack saw it acknowledged; another value goes
 * on in its place; or it goes on later (frames after it are not held up: that is how order is changed).
 */
export type TapVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'replace'; readonly value: Uint8Array }
  | { readonly kind: 'hold'; readonly ms: number };

/** Somebody on the air. Frames that it injects itself do not come by again. */
export interface Tap {
  /** Decides on each frame; without an answer it passes. */
  frame?(frame: TappedFrame): TapVerdict | undefined;
  /** Hears every advertisement, whether or not anybody scans for it. */
  advertisement?(advertisement: {
    readonly peripheral: string;
    readonly address: string;
    readonly data: Uint8Array;
  }): void;
}
