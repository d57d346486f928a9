import type { Random } from '@cardea/kit-runtime';
import type { Witness } from '@cardea/server-core';
import type { ServerConfig } from '../config.ts';
import { fileWitness } from './file-witness.ts';
import { timeStampWitness } from './time-stamp-witness.ts';

/** The witnesses that the operator has named. */
export function witnessesOf(
  config: Pick<ServerConfig, 'auditWitnessFile' | 'auditTsaUrl'>,
  random: Random,
): readonly Witness[] {
  return [
    ...(config.auditWitnessFile === undefined ? [] : [fileWitness(config.auditWitnessFile)]),
    ...(config.auditTsaUrl === undefined ? [] : [timeStampWitness(config.auditTsaUrl, random)]),
  ];
}
