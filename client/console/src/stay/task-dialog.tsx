import { useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { Button, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { Dialog, DialogEnd } from '../parts/dialog.tsx';
import { CheckInForm } from './check-in-form.tsx';
import { ImportForm } from './import-form.tsx';
import { OutcomeView } from './outcome-view.tsx';
import {
  CancelForm,
  CheckInReservedForm,
  CheckOutForm,
  DuplicateForm,
  ExtendForm,
  MoveForm,
  OneShotForm,
} from './stay-forms.tsx';
import type { Outcome, Task } from './task.ts';
import { stayTexts } from './texts.ts';

/** One task of the desk: its form, then what came of it. A task begins with its form: give each a `key` of its own. */
export function TaskDialog({
  property,
  task,
  onClose,
  onAnother,
}: {
  readonly property: Property;
  readonly task: Task;
  readonly onClose: () => void;
  /** The next guest, please. */
  readonly onAnother: () => void;
}): ReactNode {
  const say = useTexts(stayTexts);
  const doors = useDoors(property.id).data ?? [];
  const [outcome, setOutcome] = useState<Outcome>();
  const verb = say(task.kind === 'checkInReserved' ? 'checkIn' : task.kind);
  const rooms = 'stay' in task ? task.stay.door_ids : [];
  const room = doors
    .filter(({ id }) => rooms.includes(id))
    .map(({ name }) => name)
    .join(', ');
  return (
    <Dialog
      title={room === '' ? verb : say('actionsOf', { action: verb, room })}
      size={task.kind === 'importFile' ? 'xl' : 'lg'}
      onClose={onClose}
    >
      {outcome === undefined ? (
        <TaskForm property={property} task={task} onDone={setOutcome} />
      ) : (
        <Stack>
          <OutcomeView property={property} outcome={outcome} />
          <DialogEnd onClose={onClose}>
            {task.kind === 'checkIn' && (
              <Button variant="default" onClick={onAnother}>
                {say('another')}
              </Button>
            )}
          </DialogEnd>
        </Stack>
      )}
    </Dialog>
  );
}

function TaskForm({
  property,
  task,
  onDone,
}: {
  readonly property: Property;
  readonly task: Task;
  readonly onDone: (outcome: Outcome) => void;
}): ReactNode {
  const common = { property, onDone };
  switch (task.kind) {
    case 'checkIn':
      return <CheckInForm {...common} />;
    case 'oneShot':
      return <OneShotForm {...common} />;
    case 'importFile':
      return <ImportForm property={property} />;
    case 'checkInReserved':
      return <CheckInReservedForm {...common} stay={task.stay} />;
    case 'duplicate':
      return <DuplicateForm {...common} stay={task.stay} />;
    case 'extend':
      return <ExtendForm {...common} stay={task.stay} />;
    case 'move':
      return <MoveForm {...common} stay={task.stay} />;
    case 'checkOut':
      return <CheckOutForm {...common} stay={task.stay} />;
    case 'cancelStay':
      return <CancelForm {...common} stay={task.stay} />;
  }
}
