/** Query key of persons, all and each; whoever adds, changes or removes one invalidates it. */
export const PERSONS_KEY = ['persons'] as const;
