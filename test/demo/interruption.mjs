// @ts-check
import { constants } from 'node:os';

/** Window in which a second signal is npm forwarding the one that the terminal already sent to both. */
const ECHO_MS = 500;

/** The user, or the machine, wants the demo to end. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
    /** The exit code that a shell reports for a program killed by the signal. */
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Listens for Ctrl-C and similar signals from now on. A closed output (`npm run demo | head`) counts as one.
 *
 * @param {(exitCode: number) => void} again handles a second signal
 * @returns {Promise<Interrupted>} resolves at the first signal
 */
export function untilInterrupted(again) {
  let firstAt = 0;
  return new Promise((resolve) => {
    /** @param {NodeJS.Signals} signal */
    const interrupt = (signal) => {
      if (firstAt === 0) {
        firstAt = Date.now();
        resolve(new Interrupted(signal));
      } else if (Date.now() - firstAt > ECHO_MS) {
        again(new Interrupted(signal).exitCode);
      }
    };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(signal, interrupt);
    for (const output of [process.stdout, process.stderr]) {
      output.on('error', () => resolve(new Interrupted('SIGPIPE')));
    }
  });
}
