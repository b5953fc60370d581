// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { recordProcess, signalGroup } from './process-records.mjs';

const LAST_BACK_OFF_MS = 10_000;
const STEADY_MS = 10_000;
const DEATHS = 5;
const STOP_MS = 30_000;
/** What an app ends with that cannot be configured: `loadConfigOrExit` says why. */
const NOT_CONFIGURED = 78;
const KEPT_LINES = 40;

/**
 * @typedef {object} AppSpec
 * @property {string} name
 * @property {string[]} command the program and its arguments
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {string} home where the process is recorded, so that a later run can end it
 * @property {number} firstBackOffMs
 * @property {(line: string) => void} output takes each line that the app prints
 * @property {(line: string) => void} log takes what the supervisor itself has to say
 * @property {(error: Error) => void} giveUp called once when the app does not stay up, or cannot be configured
 */

/**
 * One app of the running system: started again when it dies, after a pause that doubles up to 10 s.
 * One that dies five times without having stayed up for 10 s is given up, and one that cannot be configured at once.
 */
export class SupervisedApp {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {NodeJS.Timeout | undefined} */
  #restart;
  #deaths = 0;
  /** @type {string[]} */
  #lastLines = [];
  #wanted = true;
  #ended = Promise.resolve();
  #spec;

  /** @param {AppSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.name = spec.name;
  }

  /** The process id, while a process runs. */
  get pid() {
    return this.#child?.pid;
  }

  start() {
    const { command, cwd, env, output, home, name } = this.#spec;
    this.#lastLines = [];
    const [program = process.execPath, ...args] = command;
    const began = Date.now();
    // A group of its own: Ctrl-C in the terminal must reach the supervisor only, which stops the apps in order.
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const forget =
      child.pid === undefined ? () => undefined : recordProcess(home, name, child.pid, 'SIGTERM');
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lastLines = [...this.#lastLines, line].slice(-KEPT_LINES);
        output(line);
      });
    }
    this.#ended = new Promise((resolve) => {
      const end = (/** @type {string} */ how) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        forget();
        resolve();
        if (this.#wanted) this.#startAgain(how, Date.now() - began);
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => {
        const how = signal ? `was killed by ${signal}` : `exited with code ${code}`;
        if (code !== NOT_CONFIGURED) return end(how);
        // Once all that it wrote has been read.
        child.once('close', () => {
          this.#giveUpUnconfigured();
          end(how);
        });
      });
    });
  }

  /** Sends a signal to the app's own process; false when none runs. */
  kill(/** @type {NodeJS.Signals} */ signal) {
    return this.#child?.kill(signal) ?? false;
  }

  /** Stops for good: SIGTERM, then SIGKILL for the whole group when that has not helped within 30 s. */
  async stop() {
    this.#wanted = false;
    clearTimeout(this.#restart);
    const deadline = setTimeout(() => {
      this.#spec.log(`${this.name} does not stop within ${STOP_MS / 1000} s; killing it.`);
      this.killNow();
    }, STOP_MS);
    this.kill('SIGTERM');
    await this.#ended;
    clearTimeout(deadline);
  }

  /** Kills the app and all that it started, for good and at once. */
  killNow() {
    this.#wanted = false;
    clearTimeout(this.#restart);
    if (this.pid !== undefined) signalGroup(this.pid, 'SIGKILL');
  }

  #giveUpUnconfigured() {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#spec.giveUp(new Error(`${this.name} cannot be started:\n${this.#lastLines.join('\n')}`));
  }

  /**
   * @param {string} how
   * @param {number} upMs
   */
  #startAgain(how, upMs) {
    const { name, log, giveUp, firstBackOffMs } = this.#spec;
    this.#deaths = upMs >= STEADY_MS ? 1 : this.#deaths + 1;
    if (this.#deaths >= DEATHS) {
      this.#wanted = false;
      giveUp(
        new Error(
          `${name} ${how}, for the ${DEATHS}th time without having stayed up for ${STEADY_MS / 1000} s. Its last lines:\n${this.#lastLines.join('\n')}`,
        ),
      );
      return;
    }
    const pause = Math.min(firstBackOffMs * 2 ** (this.#deaths - 1), LAST_BACK_OFF_MS);
    log(`${name} ${how}; starting it again in ${pause / 1000} s.`);
    this.#restart = setTimeout(() => this.start(), pause);
  }
}
