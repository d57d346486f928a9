import { expect, it } from 'vitest';
import { ACTORS, FAULT_KINDS, LINKS, overlapping, planFaults } from '../src/index.ts';

it('the same seed gives the same plan, another seed another', () => {
  expect(planFaults(7, 5, FAULT_KINDS)).toEqual(planFaults(7, 5, FAULT_KINDS));
  expect(planFaults(8, 5, FAULT_KINDS)).not.toEqual(planFaults(7, 5, FAULT_KINDS));
});

it('each kind meets each actor, or each link, as often as there are rounds', () => {
  const plan = planFaults(1, 20, FAULT_KINDS);
  for (const kind of ['kill', 'pause'] as const) {
    for (const actor of ACTORS) {
      expect(plan.filter((fault) => fault.kind === kind && fault.actor === actor)).toHaveLength(20);
    }
  }
  for (const link of LINKS)
    expect(plan.filter((fault) => fault.kind === 'cut' && fault.link === link)).toHaveLength(20);
});

it('together, no actor meets two faults at once, and none is left out', () => {
  const plan = planFaults(3, 10, ['kill', 'cut']);
  const groups = overlapping(plan);
  expect(groups).toHaveLength(10);
  expect(new Set(groups.flat())).toEqual(new Set(plan));
  for (const group of groups) {
    const met = group.map((fault) => (fault.kind === 'cut' ? fault.link : fault.actor));
    expect(new Set(met).size).toBe(met.length);
  }
});
