import type { BrowserContext, Page, Request } from 'playwright-core';
import { BrowserError } from './errors.ts';

/** What can be wrong with a page that looks right. */
export type PageFaultKind =
  /** `console.error`, or an error that the browser itself wrote there. */
  | 'console'
  /** An exception or a rejection that nobody caught. */
  | 'exception'
  /** The page ended: out of memory, or a fault of the browser. */
  | 'crash'
  /** A request that had no answer. */
  | 'request'
  /** A request whose answer was 400 or more. */
  | 'status'
  /** The content security policy, or Trusted Types, refused something. */
  | 'policy';

/** One such thing, in the order in which they came. */
export interface PageFault {
  readonly kind: PageFaultKind;
  /** What the browser said; for `status` the number, method and URL. */
  readonly text: string;
  /** Address of the page. */
  readonly page: string;
}

/** The faults of every page of one window. */
export interface PageFaults {
  readonly seen: readonly PageFault[];
  /**
   * Proves that nothing went wrong since the last time it was asked, but for what `expected` matches (a test of a wrong
   * password has a 401), and forgets it all.
   * @throws BrowserError `page-faults`, with each of them
   */
  assertNone(...expected: readonly RegExp[]): void;
}

/** Chromium repeats every failed request on the console, without its method; those are told by their own kinds. */
const TOLD_ELSEWHERE = /^Failed to load resource:/;
/** The page went on to another, or closed a stream itself. */
const WANTED_END = /net::ERR_ABORTED/;

/** The watch over a window. */
export interface PageWatch {
  readonly faults: PageFaults;
  /** Resolves when the pages that are open by now are watched by every means. */
  ready(): Promise<void>;
}

/** Watches every page that `context` opens from now on. */
export function watchPages(context: BrowserContext): PageWatch {
  const seen: PageFault[] = [];
  const starting: Promise<void>[] = [];
  const watch = (page: Page): void => {
    const note = (kind: PageFaultKind, text: string): void => void seen.push({ kind, text, page: page.url() });
    page.on('console', (message) => {
      if (message.type() === 'error' && !TOLD_ELSEWHERE.test(message.text())) note('console', message.text());
    });
    page.on('pageerror', (error) => note('exception', error.stack ?? error.message));
    page.on('crash', () => note('crash', 'the page crashed'));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      if (!WANTED_END.test(why)) note('request', `${why} ${nameOf(request)}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) note('status', `${response.status()} ${nameOf(response.request())}`);
    });
    // A page that is closed at once needs no watch.
    starting.push(watchPolicy(page, (text) => note('policy', text)).catch(() => undefined));
  };
  context.on('page', watch);
  const faults: PageFaults = {
    seen,
    assertNone(...expected) {
      const left = seen.splice(0).filter(({ text }) => !expected.some((pattern) => pattern.test(text)));
      if (left.length === 0) return;
      const told = left.map(({ kind, text, page }) => `  ${kind}: ${text}\n    on ${page}`).join('\n');
      throw new BrowserError('page-faults', `${left.length} fault(s) in the browser:\n${told}`);
    },
  };
  return {
    faults,
    async ready() {
      await Promise.all(starting.splice(0));
    },
  };
}

/** Violations as the browser reports them to its inspector: the page itself cannot hide them, and has no listener. */
async function watchPolicy(page: Page, note: (text: string) => void): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on('Audits.issueAdded', ({ issue }) => {
    const details = issue.details.contentSecurityPolicyIssueDetails;
    if (details === undefined) return;
    note(`${details.violatedDirective} (${details.contentSecurityPolicyViolationType}) ${details.blockedURL ?? ''}`);
  });
  await session.send('Audits.enable');
}

function nameOf(request: Request): string {
  return `${request.method()} ${request.url()}`;
}
