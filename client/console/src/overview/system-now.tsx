import { useTexts } from '@cardea/client-ui';
import { BellIcon, CheckCircledIcon, Share1Icon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { MAX_COUNTED, useOpenAlerts } from '../alerts/use-alerts.ts';
import { useCheckup } from '../checkup/use-checkup.ts';
import { useGateways } from '../gateways/gateways-of.ts';
import { presenceOf } from '../gateways/words.ts';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { useMayOpen } from '../shell/may-open.ts';
import { useProperty } from '../shell/property.tsx';
import { overviewTexts } from './texts.ts';
import { type Matter, Tiles } from './tile.tsx';

/** The check looks at everything there is: a result that is no older than this will do here. */
const CHECK_FRESH_MS = 5 * 60_000;

/** Alerts, gateways and the security check, each as far as its page may be opened. */
export function SystemNow(): ReactNode {
  const say = useTexts(overviewTexts);
  const { id: propertyId } = useProperty();
  const mayOpen = useMayOpen();
  const alerts = useOpenAlerts(mayOpen('/alerts'));
  const gateways = useGateways(propertyId, mayOpen('/gateways'));
  const check = useCheckup({ freshForMs: CHECK_FRESH_MS, enabled: mayOpen('/checkup') });
  const matters: readonly Matter[] = [
    {
      href: '/alerts',
      label: say('alerts'),
      icon: <BellIcon />,
      tone: 'bad' as const,
      count: alerts.data,
      error: alerts.error,
      most: MAX_COUNTED,
    },
    {
      href: '/gateways',
      label: say('gateways'),
      icon: <Share1Icon />,
      tone: 'bad' as const,
      count: gateways.data?.filter((gateway) => presenceOf(gateway).key === 'offline').length,
      error: gateways.error,
    },
    {
      href: '/checkup',
      label: say('checkup'),
      icon: <CheckCircledIcon />,
      tone: 'warn' as const,
      count: check.data?.findings.filter(({ level }) => level === 'warning').length,
      error: check.error,
    },
  ].filter(({ href }) => mayOpen(href));
  if (matters.length === 0) return null;
  return (
    <Panel
      title={say('system')}
      actions={matters.every(({ count }) => count === 0) && <StateBadge tone="good">{say('systemCalm')}</StateBadge>}
    >
      <Tiles label={say('system')} matters={matters} />
    </Panel>
  );
}
