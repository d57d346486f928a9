import Type, { type TProperties, type TSchema } from 'typebox';

/** An id: the noun's prefix, `_`, and a UUIDv7: `att_0198c0de-...`. */
export const Id = Type.String({
  pattern: '^[a-z]+_[0-9A-Za-z-]{1,64}$',
  description: "An id with its noun's prefix, such as `door_0198c0de-0000-7000-8000-000000000000`.",
});

/** A moment: RFC 3339 in UTC with milliseconds, such as `2026-03-29T01:00:00.000Z`. */
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC, with milliseconds.' });

/** An IANA time zone, such as `Europe/Berlin`; times themselves are always UTC. */
export const TimeZone = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
  maxLength: 64,
  description: 'IANA time zone, such as `Europe/Berlin`.',
});

/** What people call a thing: 1 to 100 characters, no control characters, no blank at either end. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\s\\u0000-\\u001f\\u007f]([^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f])?$',
  description:
    '1 to 100 characters, without control characters, marks that turn the direction of text, and a blank at either end.',
});

/** A lock's MAC address as 12 upper-case hex digits (seed 000, DDMS). */
export const LockIdentifier = Type.String({
  pattern: '^[0-9A-F]{12}$',
  description: "The lock's MAC address: 12 upper-case hex digits without colons.",
});

/** `schema` or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** A request body or query: what is not named here is refused. */
export function strict<T extends TProperties>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

/** One page of a listing in creation order; `next_cursor` is null on the last one. */
export function page<T extends TSchema>(items: T) {
  return Type.Object({
    items: Type.Array(items),
    next_cursor: nullable(Type.String({ description: 'Hand it back as `cursor` for the next page.' })),
  });
}

/** Parameters of a path that names one thing. */
export const IdParams = strict({ id: Id });

/** Most of a page unless the listing says otherwise. */
const PAGE_MOST = 100;
/** Most of a page of what a whole house is shown by. */
const LARGE_PAGE_MOST = 1_000;

const pageUpTo = (maximum: number) => ({
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9_-]+$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: 50 })),
});

/** The part of a query that every listing takes. */
export const pageQuery = pageUpTo(PAGE_MOST);

/** The same for doors and locks, of which a house with thousands is shown at once. */
export const largePageQuery = pageUpTo(LARGE_PAGE_MOST);

/** The same for a record that grows, of which the newest is wanted first as often as the oldest. */
export const recordPageQuery = {
  ...pageQuery,
  order: Type.Optional(
    Type.Enum(['oldest_first', 'newest_first'], {
      default: 'oldest_first',
      description: 'A cursor goes on in the order in which it was given out: say the same again.',
    }),
  ),
};

/** Query of a listing without filters. */
export const PageQuery = strict(pageQuery);
