import type { Io } from '@cardea/client-cli';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Shows what is being done, a step a line; on a terminal the present step moves. */
export interface Steps {
  /** Does one step and ticks it off; `note` changes what stands behind it. */
  step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Steps on standard error. */
export function showSteps(io: Io): Steps {
  return {
    async step(title, work) {
      const beganMs = performance.now();
      let noted = '';
      let frame = 0;
      const show = (): void =>
        io.err(`\r\u001b[2K${io.colors.cyan(FRAMES[frame++ % FRAMES.length] ?? '')} ${title} ${noted}`);
      const timer = io.interactive ? setInterval(show, FRAME_MS) : undefined;
      const finish = (mark: string): void => {
        clearInterval(timer);
        const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
        io.err(
          `${io.interactive ? '\r\u001b[2K' : ''}${mark} ${title}${noted === '' ? '' : ` ${noted}`} ${io.colors.dim(`(${seconds} s)`)}\n`,
        );
      };
      try {
        const result = await work((text) => {
          noted = text;
        });
        finish(io.colors.green('✓'));
        return result;
      } catch (error) {
        finish(io.colors.red('✗'));
        throw error;
      }
    },
  };
}
