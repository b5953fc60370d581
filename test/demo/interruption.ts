import { constants } from 'node:os';

/** npm forwards to its script a signal that the terminal has already sent to both. */
const ECHO_MS = 500;

/** A signal asked the demo to end. */
export class Interrupted extends Error {
  /** The exit code that a shell reports for a program killed by the signal. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Listens for Ctrl-C and similar signals from now on. A closed output (`npm run demo | head`) counts as one.
 *
 * @param again handles a second signal
 * @returns resolves at the first signal
 */
export function untilInterrupted(again: (exitCode: number) => void): Promise<Interrupted> {
  let firstAt = 0;
  return new Promise((resolve) => {
    const interrupt = (signal: NodeJS.Signals): void => {
      if (firstAt === 0) {
        firstAt = Date.now();
        resolve(new Interrupted(signal));
      } else if (Date.now() - firstAt > ECHO_MS) {
        again(new Interrupted(signal).exitCode);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    for (const output of [process.stdout, process.stderr]) {
      output.on('error', () => resolve(new Interrupted('SIGPIPE')));
    }
  });
}
