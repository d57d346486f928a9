import { type ReactNode, useDeferredValue } from 'react';

/**
 * Draws what is in it without holding the page up. React draws at once whatever an answer of the server changes, however
 * much that is; what stands in here it draws in slices of a few milliseconds, between which the page moves and answers,
 * and shows it when it is whole. Until then what was there before stays, at first nothing.
 *
 * For what is exchanged as a whole: fields whose text is kept outside of it would lag behind who types.
 */
export function Unhurried({ children }: { readonly children: ReactNode }): ReactNode {
  return useDeferredValue(children, null);
}
