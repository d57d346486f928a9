/**
 * Why a payload of `urn:cardea:route:1` is refused: `element` an unknown, missing or misplaced element, `attribute` an
 * unknown or missing attribute, `text` characters that the field does not allow, `range` a number outside its range,
 * `size` too many or too few octets or entries.
 */
export type RouteErrorCode = 'element' | 'attribute' | 'text' | 'range' | 'size';

/** The one error of this package. `field` names the field to mend: `frame.lock`, `locks.lock[3].key`. */
export class RouteError extends Error {
  readonly code: RouteErrorCode;
  readonly field: string;
  constructor(code: RouteErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'RouteError';
    this.code = code;
    this.field = field;
  }
}
