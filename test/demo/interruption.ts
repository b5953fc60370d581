import { constants } from 'node:os';

/** npm passes on to its script the signal that the terminal has sent to both of them. */
const ECHO_MS = 500;

/** The user, or the machine, wants the demo to end. */
export class Interrupted extends Error {
  /** What a shell reports for a program that died of the signal. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Listens for Ctrl-C and its like from now on. A reader of the output who went away (`npm run demo | head`)
 * counts as one.
 *
 * @param again what a second one does
 * @returns resolves at the first one
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
