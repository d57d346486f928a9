/**
 * Runs `body`, the text of a function's body in which `site` is another site's origin, as a script of the page would, and
 * tells how it went: the browser's policy `refused` it, it `threw`, `canary` was called (`ran`), it called `sent()`, or
 * `nothing` of these within `patienceMs`. What the inspector runs directly is not held to every rule of the policy, so it
 * begins in a turn of its own.
 */
export function tryInPage(body: string, site: string, patienceMs: number): string {
  return `new Promise((over) => {
    addEventListener('securitypolicyviolation', () => over('refused'), { once: true });
    globalThis.toldCanary ??= globalThis.canary;
    globalThis.canary = (what) => { globalThis.toldCanary(what); over('ran'); };
    const sent = () => over('sent');
    const site = ${JSON.stringify(site)};
    setTimeout(async () => {
      try { ${body} } catch (error) { over('threw'); }
    }, 0);
    setTimeout(() => over('nothing'), ${patienceMs});
  })`;
}
