import { existsSync } from 'node:fs';
import { createEnvelope, type Envelope, EnvelopeError } from '@cardea/kit-node';
import { ServerError } from '../errors.ts';

/** The envelope of a key file that must be there. @throws ServerError `backup` */
export async function envelopeOf(keyFile: string): Promise<Envelope> {
  // Opening would make a new key, under which nothing was ever sealed.
  if (!existsSync(keyFile)) {
    throw new ServerError('backup', `there is no ${keyFile}`, 'name it with --envelope-key FILE');
  }
  try {
    return await createEnvelope(keyFile);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw new ServerError('backup', error.message, 'name another with --envelope-key FILE');
  }
}
