/** Only a link of another organization than the installation's own names one: `?organization=org_...`. */
export function organizationOfLink(): string | undefined {
  return new URLSearchParams(location.search).get('organization') ?? undefined;
}

/** The same as the API takes it. */
export function ofOrganization(): { organization_id?: string } {
  const id = organizationOfLink();
  return id === undefined ? {} : { organization_id: id };
}
