import { createContext, useContext } from 'react';

/** Paths of the registry's pages that who is signed in may open. Given by the shell: pages do not know their registry. */
export const OpenPathsContext = createContext<ReadonlySet<string>>(new Set());

/** Whether who is signed in may open a page, named by its path in the registry. */
export function useMayOpen(): (path: string) => boolean {
  const open = useContext(OpenPathsContext);
  return (path) => open.has(path);
}
