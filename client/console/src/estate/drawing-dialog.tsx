import { useApi, useTexts } from '@cardea/client-ui';
import type { Floor } from '@cardea/wire-api';
import { Button, FileInput, Image, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded } from '../parts/states.tsx';
import { DRAWING_TYPES, DRAWINGS_KEY, drawingAddress, readDrawing, useDrawing } from './drawing.ts';
import { drawingTexts } from './drawing-texts.ts';

/** Shows the picture behind a floor's plan, puts another in its place, or takes it away. */
export function DrawingDialog({ floor, onClose }: { readonly floor: Floor; readonly onClose: () => void }): ReactNode {
  const api = useApi();
  const say = useTexts(drawingTexts);
  const drawing = useDrawing(floor.id);
  const [file, setFile] = useState<File | null>(null);
  const [bad, setBad] = useState(false);
  const set = useAct<void, boolean>({
    inline: true,
    stale: [DRAWINGS_KEY],
    work: async () => {
      const picture = file === null ? undefined : await readDrawing(file);
      setBad(picture === undefined);
      if (picture !== undefined) await api.floors.setDrawing(floor.id, picture);
      return picture !== undefined;
    },
    done: (was) => (was ? say('saved') : ''),
    after: (was) => was && setFile(null),
  });
  const remove = useAct({
    stale: [DRAWINGS_KEY],
    work: () => api.floors.removeDrawing(floor.id),
    done: say('removed'),
  });
  const there = drawing.data?.picture ?? null;
  return (
    <Dialog title={say('of', { name: floor.name })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{say('why')}</Text>
        <Loaded query={drawing}>
          {({ picture }) =>
            picture === null ? (
              <Text size="sm" c="dimmed">
                {say('none')}
              </Text>
            ) : (
              <Image src={drawingAddress(picture)} alt={say('of', { name: floor.name })} mah="40vh" fit="contain" />
            )
          }
        </Loaded>
        <Form
          act={set}
          action={say('save')}
          ready={file !== null}
          aside={
            there !== null && (
              <Button variant="default" loading={remove.busy} onClick={() => void remove.run()}>
                {say('remove')}
              </Button>
            )
          }
        >
          <FileInput
            label={say('file')}
            description={say('fileWhy')}
            accept={DRAWING_TYPES.join(',')}
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              setBad(false);
            }}
            error={bad ? say('bad') : undefined}
            clearable
          />
        </Form>
      </Stack>
    </Dialog>
  );
}
