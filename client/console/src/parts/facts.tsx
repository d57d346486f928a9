import type { ReactNode } from 'react';
import './facts.css';

/** One thing that is so. */
export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** What is so of a thing, each with its name: two columns at a desk, one below the other on a phone. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactNode {
  return (
    <dl className="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
