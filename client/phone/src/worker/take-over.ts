/**
 * What a page tells a new service worker that waits: to answer from now on. A type alone, for the worker is one file that
 * shares none with the app.
 */
export type TakeOver = 'take_over';
