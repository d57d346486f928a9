import type { ComponentProps, ReactNode } from 'react';

/** An input with its label, and what is to be known of it. */
export function Field({
  name,
  label,
  hint,
  value,
  onChange,
  required = true,
  ...input
}: {
  /** Unique on the page. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
} & Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id' | 'name'>): ReactNode {
  const id = `field-${name}`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        name={name}
        value={value}
        required={required}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
