// @ts-check
import { step } from '../../docker/local/progress.mjs';
import { messageOf } from '../../docker/local/setup-error.mjs';

/** Collects cleanup steps and runs them in reverse order at the end. */
export class Ending {
  /** @type {{ what: string, undo: () => Promise<unknown> | void }[]} */
  #steps = [];
  #log;

  /** @param {(line: string) => void} log */
  constructor(log) {
    this.#log = log;
  }

  /**
   * @param {string} what names the step, such as `Stopping the apps`
   * @param {() => Promise<unknown> | void} undo
   */
  add(what, undo) {
    this.#steps.push({ what, undo });
  }

  /**
   * Runs every step, even when some of them fail.
   *
   * @returns {Promise<boolean>} whether all steps succeeded
   */
  async run() {
    let isClean = true;
    for (let next = this.#steps.pop(); next !== undefined; next = this.#steps.pop()) {
      try {
        await step(this.#log, next.what, async () => next.undo());
      } catch (error) {
        isClean = false;
        this.#log(`${next.what} failed: ${messageOf(error)}`);
      }
    }
    return isClean;
  }
}
