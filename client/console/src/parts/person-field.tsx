import { Loader, Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useScopes } from '../session/session.tsx';
import { useEveryPerson } from './every-person.ts';

/** So many names are offered at once; whoever types gets the others. */
const MAX_OFFERED = 50;

/** Chooses a person by name. People are read when the field is first entered. */
export function PersonField({
  label,
  value,
  onChange,
  nothingFound,
  error,
}: {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** Said where no name fits what was typed. */
  readonly nothingFound: string;
  readonly error?: string | undefined;
}): ReactNode {
  const mayRead = useScopes()('persons:read');
  const [entered, setEntered] = useState(false);
  const { data, isFetching } = useEveryPerson(mayRead && (entered || value !== null));
  const people = (data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const known = value === null || people.some((one) => one.value === value);
  return (
    <Select
      label={label}
      data={known ? people : [{ value, label: '…' }, ...people]}
      value={value}
      onChange={onChange}
      onFocus={() => setEntered(true)}
      searchable
      clearable
      limit={MAX_OFFERED}
      nothingFoundMessage={isFetching ? <Loader size="xs" /> : nothingFound}
      error={error}
    />
  );
}
