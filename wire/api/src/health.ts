import Type, { type Static } from 'typebox';

/** The process is alive. */
export const Health = Type.Object({ status: Type.Literal('ok') }, { title: 'Health' });
export type Health = Static<typeof Health>;

/** The process can do its work. */
export const Readiness = Type.Object({ status: Type.Enum(['ready', 'not_ready']) }, { title: 'Readiness' });
export type Readiness = Static<typeof Readiness>;
