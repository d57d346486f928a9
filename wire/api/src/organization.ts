import Type, { type Static } from 'typebox';
import { Id, Name, page, strict, Time } from './common.ts';
import { Email, Person } from './person.ts';

/** An organization (a tenant): what it holds, no other one sees. */
export const Organization = Type.Object({ id: Id, name: Name, created_at: Time }, { title: 'Organization' });
export type Organization = Static<typeof Organization>;

/** A page of organizations. */
export const OrganizationPage = page(Organization);

/** Body of POST /v1/organizations. */
export const NewOrganization = strict({ name: Name, owner_name: Name, owner_email: Email });
export type NewOrganization = Static<typeof NewOrganization>;

/** Answer of POST /v1/organizations: the owner's `password` is shown this once and changed at the first sign-in. */
export const AddedOrganization = Type.Object(
  { organization: Organization, owner: Person, password: Type.String() },
  { title: 'AddedOrganization' },
);
export type AddedOrganization = Static<typeof AddedOrganization>;
