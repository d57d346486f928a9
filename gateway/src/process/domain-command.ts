import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createEnvelope, nodePrimitives, systemClock, systemRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { controlAddress } from '../control/address.ts';
import { askGateway } from '../control/control-client.ts';
import { openControl } from '../control/control-server.ts';
import { DomainDesk } from '../scpm/domain-desk.ts';
import { readDomainRequest } from '../scpm/domain-request.ts';
import { openDomainStore } from '../scpm/domain-store.ts';
import { DomainError } from '../scpm/errors.ts';

/**
 * Does what `cardea domain` asks, `request` as JSON: by the gateway that runs in this folder, or, where none does, on the
 * folder itself, which is held meanwhile so that none begins.
 * @throws DomainError; EnvelopeError for the folder's key file; GatewayError `control`
 */
export async function domainCommand(dataDir: string, request: Readonly<Record<string, unknown>>): Promise<object> {
  const address = controlAddress(dataDir);
  const answer = await askGateway(address, request);
  if (answer !== undefined) return answer;
  const isThere = await access(dataDir).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new DomainError('none', `${dataDir}: there is no gateway`, 'name its data folder with --data, or enrol one');
  }
  const envelope = await createEnvelope(join(dataDir, 'envelope.key'));
  const desk = new DomainDesk({
    store: openDomainStore(join(dataDir, 'domain'), envelope),
    part: undefined,
    clock: systemClock(0),
    random: systemRandom,
    primitives: nodePrimitives,
  });
  const held = await openControl(address, desk, silentLog);
  try {
    return await desk.serve(readDomainRequest(request));
  } finally {
    await held.close();
  }
}
