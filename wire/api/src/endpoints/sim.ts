import { endpoint } from '../endpoint.ts';
import { OutboxPage, SimFault, SimParams } from '../sim.ts';

/** Faults, on demo estates. */
export const simEndpoints = {
  'POST /v1/sim/{fault}': endpoint({
    name: 'applySimFault',
    summary: 'On demo estates: make a fault at a virtual lock or gateway, or press its button',
    scopes: ['sim:write'],
    params: SimParams,
    body: SimFault,
    status: 204,
    refusals: ['invalid', 'not_found', 'unavailable'],
  }),
  'GET /v1/sim/outbox': endpoint({
    name: 'listOutbox',
    summary: 'On demo estates: the newest messages that were written down instead of sent, newest first, in one page',
    scopes: ['sim:write'],
    status: 200,
    answer: OutboxPage,
  }),
};
