import { endpoint } from '../endpoint.ts';
import { SimFault, SimParams } from '../sim.ts';

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
};
