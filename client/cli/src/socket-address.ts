import { usage } from './errors.ts';

/** `HOST:PORT` of an option. @throws CliError `usage` that names the option */
export function socketAddress(
  option: string,
  text: string,
  example: string,
): { readonly host: string; readonly port: number } {
  const [, host, digits] = /^([^\s:]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535)
    throw usage(`${option}: must be HOST:PORT`, `such as ${example}`);
  return { host, port };
}
