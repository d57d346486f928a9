import type { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import type { MethodView } from '../method/endings.ts';
import type { PageRequest } from '../ports.ts';
import type { Visitor } from './model.ts';

/** A visitor as a host asks for one. */
export interface NewVisitor {
  readonly name: string;
  /** Where the invitation is sent; without one the host shares the link himself. */
  readonly address?: string | undefined;
  readonly doorIds: readonly string[];
  /** Now when left out. Whole seconds, Unix ms. */
  readonly notBefore?: number | undefined;
  readonly notAfter: number;
  /** Whether the visitor also gets a PIN for the keypads. */
  readonly pin?: boolean | undefined;
}

/** A visitor as its host sees it. */
export interface VisitorView {
  readonly id: string;
  readonly visitor: Visitor;
  readonly doors: readonly { readonly id: string; readonly name: string }[];
  /**
   * `waiting` for its window, `active` in it, `revoked` by somebody, `ended` by its time, or because the host's own rights have
   * ended.
   */
  readonly state: 'waiting' | 'active' | 'revoked' | 'ended';
  /** Until when the doors can be opened by what is active now: sooner than was given where the host's own rights are. */
  readonly opensUntil: number;
}

/** A visitor who was invited: what is secret is shown this once. */
export interface InvitedVisitor extends VisitorView {
  /** Whether the invitation went to the address. */
  readonly sent: boolean;
  /** Opens the phone app with the invitation's code, where no address was given. */
  readonly link: Secret<string> | null;
  readonly pin: Secret<string> | null;
}

/** Visitors of residents. Everybody's own with `access:use`; any with `grants:write`. */
export interface VisitorUseCases {
  /** @throws CoreError `not_permitted`, `not_found`, `precondition_failed`, `invalid`, `too_many`, `unavailable` */
  invite(actor: Actor, input: NewVisitor): Promise<InvitedVisitor>;
  /** The actor's own, oldest first. */
  list(actor: Actor, page: PageRequest): Promise<readonly VisitorView[]>;
  /** Takes everything back that the visitor was given; the same again says where that stands. */
  revoke(actor: Actor, id: string): Promise<{ readonly view: VisitorView; readonly methods: readonly MethodView[] }>;
}
