import { useTexts } from '@cardea/client-ui';
import type { AccessMethod, GrantOperation, GrantScope, Property } from '@cardea/wire-api';
import {
  Button,
  Checkbox,
  Collapse,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
} from '@mantine/core';
import { ChevronDownIcon, ChevronUpIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { useDoors, useFloors } from '../estate/use-estate.ts';
import { MomentField } from '../parts/moment-field.tsx';
import { partTexts } from '../parts/texts.ts';
import { useSchedules } from '../schedules/schedules-of.ts';
import { useScopes } from '../session/session.tsx';
import type { TermFault, Terms } from './terms.ts';
import { grantTexts } from './texts.ts';

const KINDS = ['doors', 'floor', 'property'] as const satisfies readonly GrantScope['kind'][];
const KIND_TEXT = { doors: 'someDoors', floor: 'oneFloor', property: 'allDoors' } as const;
const METHODS = ['mobile_key', 'pin', 'card'] as const satisfies readonly AccessMethod[];
const OPERATIONS = ['unlock', 'lock', 'override'] as const satisfies readonly GrantOperation[];

interface FieldProps {
  readonly property: Property;
  readonly terms: Terms;
  readonly onChange: (terms: Terms) => void;
  /** What is to be mended; nothing before somebody has tried. */
  readonly faults: readonly TermFault[];
  /** What the server found wrong with a field of the body. */
  readonly wrong: (field: string) => string | undefined;
}

/** The fields of a grant: which doors, from when until when, by what, and under which conditions. */
export function TermFields(props: FieldProps): ReactNode {
  const { terms, onChange, faults, wrong } = props;
  const say = useTexts(grantTexts);
  const sayPart = useTexts(partTexts);
  const fault = (one: TermFault, words: string): string | undefined => (faults.includes(one) ? words : undefined);
  return (
    <>
      <ScopeFields {...props} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <MomentField
          label={say('from')}
          description={say('fromNow')}
          value={terms.from}
          onChange={(from) => onChange({ ...terms, from })}
          error={fault('from', sayPart('noSuchTime')) ?? wrong('not_before')}
        />
        <MomentField
          label={say('until')}
          description={say('untilRevokedWhy')}
          value={terms.until}
          onChange={(until) => onChange({ ...terms, until })}
          error={
            fault('until', sayPart('noSuchTime')) ??
            fault('order', say('order')) ??
            fault('end', say('endMissing')) ??
            wrong('not_after')
          }
        />
      </SimpleGrid>
      <Checkbox.Group
        label={say('how')}
        description={say('howWhy')}
        value={[...terms.methods]}
        onChange={(chosen) => onChange({ ...terms, methods: METHODS.filter((one) => chosen.includes(one)) })}
        error={wrong('methods')}
      >
        <Group gap="lg" mt={6}>
          {METHODS.map((one) => (
            <Checkbox key={one} value={one} label={say(one)} />
          ))}
        </Group>
      </Checkbox.Group>
      <MoreFields {...props} />
    </>
  );
}

function ScopeFields({ property, terms, onChange, faults, wrong }: FieldProps): ReactNode {
  const say = useTexts(grantTexts);
  const doors = useDoors(property.id).data ?? [];
  const floors = useFloors(property.id).data ?? [];
  return (
    <Stack gap={6}>
      <Input.Label component="div">{say('which')}</Input.Label>
      <SegmentedControl
        aria-label={say('which')}
        value={terms.kind}
        onChange={(value) => onChange({ ...terms, kind: KINDS.find((one) => one === value) ?? 'doors' })}
        data={KINDS.map((value) => ({ value, label: say(KIND_TEXT[value]) }))}
      />
      {terms.kind === 'doors' && (
        <MultiSelect
          aria-label={say('chooseDoors')}
          placeholder={terms.doorIds.length === 0 ? say('chooseDoors') : ''}
          data={doors.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...terms.doorIds]}
          onChange={(doorIds) => onChange({ ...terms, doorIds })}
          error={faults.includes('doors') ? say('chooseDoors') : wrong('scope')}
          comboboxProps={{ withinPortal: false }}
          maxValues={200}
          limit={100}
          searchable
          clearable={terms.doorIds.length > 3}
          hidePickedOptions
        />
      )}
      {terms.kind === 'floor' && (
        <Select
          aria-label={say('chooseFloor')}
          placeholder={say('chooseFloor')}
          description={say('levelWhy')}
          data={floors.map(({ id, name }) => ({ value: id, label: name }))}
          value={terms.floorId}
          onChange={(floorId) => onChange({ ...terms, floorId })}
          error={faults.includes('floor') ? say('chooseFloor') : wrong('scope')}
          inputWrapperOrder={['input', 'description', 'error']}
        />
      )}
      {terms.kind === 'property' && (
        <Input.Description>
          {property.name}. {say('levelWhy')}
        </Input.Description>
      )}
    </Stack>
  );
}

/** What most grants do without: schedule, number of openings, conditions, operations. Shown where one of them is set. */
function MoreFields({ property, terms, onChange, faults, wrong }: FieldProps): ReactNode {
  const say = useTexts(grantTexts);
  const mayOverride = useScopes()('locks:manage');
  const schedules = useSchedules(property.id).data ?? [];
  const [opened, setOpened] = useState(
    terms.scheduleId !== null ||
      terms.uses !== null ||
      terms.geofence ||
      terms.secondPerson ||
      terms.firstUseMin !== null ||
      terms.operations.includes('override'),
  );
  const Chevron = opened ? ChevronUpIcon : ChevronDownIcon;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={opened}
        rightSection={<Chevron aria-hidden />}
        onClick={() => setOpened(!opened)}
      >
        {say('more')}
      </Button>
      <Collapse expanded={opened || faults.includes('operations')}>
        <Stack gap="md" pt="sm">
          <Select
            label={say('schedule')}
            data={[
              { value: '', label: say('noSchedule') },
              ...schedules.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={terms.scheduleId ?? ''}
            onChange={(value) => onChange({ ...terms, scheduleId: value === '' ? null : value })}
            allowDeselect={false}
            error={wrong('schedule_id')}
          />
          <Group align="end" gap="md">
            <Checkbox
              label={say('limitUses')}
              checked={terms.uses !== null}
              onChange={(event) => onChange({ ...terms, uses: event.currentTarget.checked ? 1 : null })}
              py={8}
            />
            {terms.uses !== null && (
              <NumberInput
                label={say('usesCount')}
                value={terms.uses}
                onChange={(value) => onChange({ ...terms, uses: typeof value === 'number' ? value : 1 })}
                min={1}
                max={65_535}
                allowDecimal={false}
                error={wrong('uses')}
                w="10rem"
              />
            )}
          </Group>
          <Stack gap="xs" role="group" aria-label={say('conditions')}>
            <Input.Label component="div">{say('conditions')}</Input.Label>
            <Checkbox
              label={say('geofence')}
              checked={terms.geofence}
              onChange={(event) => onChange({ ...terms, geofence: event.currentTarget.checked })}
            />
            <Checkbox
              label={say('second_person')}
              checked={terms.secondPerson}
              onChange={(event) => onChange({ ...terms, secondPerson: event.currentTarget.checked })}
            />
            <Group align="end" gap="md">
              <Checkbox
                label={say('first_use')}
                checked={terms.firstUseMin !== null}
                onChange={(event) => onChange({ ...terms, firstUseMin: event.currentTarget.checked ? 60 : null })}
                py={8}
              />
              {terms.firstUseMin !== null && (
                <NumberInput
                  label={say('firstUseFor')}
                  value={terms.firstUseMin}
                  onChange={(value) => onChange({ ...terms, firstUseMin: typeof value === 'number' ? value : 60 })}
                  min={1}
                  max={527_040}
                  allowDecimal={false}
                  w="14rem"
                />
              )}
            </Group>
            <Input.Description>{wrong('conditions') ?? say('conditionsWhy')}</Input.Description>
          </Stack>
          <Checkbox.Group
            label={say('operations')}
            value={[...terms.operations]}
            onChange={(chosen) => onChange({ ...terms, operations: OPERATIONS.filter((one) => chosen.includes(one)) })}
            error={faults.includes('operations') ? say('operationMissing') : wrong('operations')}
          >
            <Group gap="lg" mt={4}>
              {OPERATIONS.filter((one) => mayOverride || one !== 'override').map((one) => (
                <Checkbox key={one} value={one} label={say(one)} />
              ))}
            </Group>
          </Checkbox.Group>
        </Stack>
      </Collapse>
    </div>
  );
}
