import { enrolTexts, useApi, useTexts } from '@cardea/client-ui';
import type { ManifestAnswer } from '@cardea/wire-api';
import { FileInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { LEGITIMACY_KEY } from './enrol-lock.tsx';

/** Brings in a maker's signed list of locks: all of it or nothing. */
export function BringInDelivery(): ReactNode {
  const api = useApi();
  const say = useTexts(enrolTexts);
  const [file, setFile] = useState<File | null>(null);
  const [bad, setBad] = useState(false);
  const act = useAct<void, ManifestAnswer | undefined>({
    inline: true,
    stale: [LEGITIMACY_KEY],
    work: async () => {
      const delivery = readObject((await file?.text()) ?? '');
      setBad(delivery === undefined);
      return delivery && api.locks.importManifest(delivery);
    },
    done: (answer) => (answer === undefined ? '' : say('broughtIn', { added: answer.added, known: answer.known })),
    after: (answer) => answer !== undefined && setFile(null),
  });
  return (
    <Form act={act} action={say('bringIn')} ready={file !== null}>
      <FileInput
        label={say('delivery')}
        description={say('deliveryWhy')}
        accept=".json,application/json"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setBad(false);
        }}
        error={bad ? say('deliveryBad') : undefined}
        clearable
      />
    </Form>
  );
}

/** A JSON object; undefined for anything else. */
function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
