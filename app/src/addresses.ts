/** Where people and programs find a server, a line each. */
export function addressLines(url: string): readonly string[] {
  return [`console   ${url}/console/`, `phone     ${url}/phone/`, `API       ${url}/v1`];
}
