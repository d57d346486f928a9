import { type ReactNode, useEffect } from 'react';

/** A page: its one heading, which is the window's title as well, and what stands beside it. */
export function Page({
  title,
  beside,
  children,
}: {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${title} · Cardea`;
  }, [title]);
  return (
    <main>
      <header className="bar">
        <h1>{title}</h1>
        {beside}
      </header>
      {children}
    </main>
  );
}
