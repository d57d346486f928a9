import { PageQuery } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { AddedOrganization, NewOrganization, OrganizationPage } from '../organization.ts';
import { adding, listing } from './usual.ts';

/** Organizations. */
export const organizationEndpoints = {
  'GET /v1/organizations': endpoint({
    ...listing,
    name: 'listOrganizations',
    summary: "List the installation's organizations; for the owner of its own one",
    scopes: ['organizations:write'],
    query: PageQuery,
    answer: OrganizationPage,
  }),
  'POST /v1/organizations': endpoint({
    ...adding,
    name: 'addOrganization',
    summary: 'Found another organization with its owner, whose password is shown this once',
    scopes: ['organizations:write'],
    body: NewOrganization,
    answer: AddedOrganization,
    refusals: ['invalid'],
  }),
};
