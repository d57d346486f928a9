/** A page of a listing in creation order, or of some listings the other way round; `after` is the id that the cursor names. */
export interface PageRequest {
  readonly after: string | undefined;
  readonly limit: number;
  readonly newestFirst?: boolean;
}

/** One noun's table: everything is scoped by organization, so a foreign tenant's id is simply not found. */
export interface Table<T extends { readonly id: string; readonly organizationId: string }> {
  insert(row: T): Promise<void>;
  get(organizationId: string, id: string): Promise<T | undefined>;
  list(organizationId: string, filter: Partial<T>, page: PageRequest): Promise<readonly T[]>;
  update(organizationId: string, id: string, change: Partial<T>): Promise<boolean>;
  remove(organizationId: string, id: string): Promise<boolean>;
}
