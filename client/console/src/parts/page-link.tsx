import { Anchor, type MantineSize } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A link to another page of the console, within text or a table. */
export function PageLink({
  to,
  size,
  children,
}: {
  /** Its path below the console's own. */
  readonly to: string;
  /** Left out: that of the text around it. */
  readonly size?: MantineSize;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Anchor component={Link} href={to} {...(size === undefined ? { inherit: true } : { size })}>
      {children}
    </Anchor>
  );
}
