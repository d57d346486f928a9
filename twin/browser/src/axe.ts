import axeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { BrowserError } from './errors.ts';

/** A way in which a page shuts somebody out. */
export interface AxeFault {
  /** The rule, for instance `color-contrast`. */
  readonly id: string;
  readonly impact: 'minor' | 'moderate' | 'serious' | 'critical';
  readonly help: string;
  /** Where: selector, and what is wrong there. */
  readonly places: readonly string[];
}

/** WCAG 2.2, levels A and AA, and what the rules' authors hold to be good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe finds in the page as it is now. It runs in an isolated world of the inspector: it sees the document, yet the
 * page's content security policy stays as it is and the page's scripts do not see axe.
 * @throws BrowserError `axe-failed`
 */
export async function axe(page: Page): Promise<readonly AxeFault[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    const { executionContextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'axe',
    });
    const evaluate = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
        expression,
        contextId: executionContextId,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails === undefined) return result.value;
      throw new BrowserError('axe-failed', exceptionDetails.exception?.description ?? exceptionDetails.text);
    };
    await evaluate(`${axeCore.source}; undefined`);
    return (await evaluate(`axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] }).then(
      ({ violations }) => violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help, places: nodes.map((node) => node.target.join(' ') + ': ' + node.failureSummary),
      })))`)) as readonly AxeFault[];
  } finally {
    await session.detach();
  }
}

/** The faults that nobody may be asked to bear. */
export function serious(faults: readonly AxeFault[]): readonly AxeFault[] {
  return faults.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}
