import Type, { type TProperties } from 'typebox';
import { nullable } from './common.ts';

/** Both ways to open a door, each with what `way` says of it; at the door, also until when. */
export const waysOf = <Way extends TProperties>(way: Way) => ({
  from_afar: Type.Object(way, { description: 'Through the server and a gateway.' }),
  at_the_door: Type.Object(
    {
      ...way,
      opens_until: nullable(
        Type.String({ format: 'date-time', description: 'When the last key that was given stops to open.' }),
      ),
    },
    { description: 'By key, card or PIN at the lock, without the server.' },
  ),
});
