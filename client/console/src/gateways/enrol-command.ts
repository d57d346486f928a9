/**
 * What is run on a gateway's computer so that it enrols at the server of `origin`. The token goes by the environment, where
 * lists of processes do not show it.
 */
export function enrolCommand(origin: string, token: string): string {
  return `CARDEA_ENROLMENT_TOKEN=${token} cardea gateway run --server ${origin} --ca-file authority.pem`;
}
