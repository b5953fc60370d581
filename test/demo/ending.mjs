// @ts-check
import { step } from '../../docker/local/progress.mjs';
import { messageOf } from '../../docker/local/setup-error.mjs';

/** What has to be undone at the end, in the opposite order of its doing. */
export class Ending {
  /** @type {{ what: string, undo: () => Promise<unknown> | void }[]} */
  #steps = [];
  #log;

  /** @param {(line: string) => void} log */
  constructor(log) {
    this.#log = log;
  }

  /**
   * @param {string} what is done then, such as `Stopping the apps`
   * @param {() => Promise<unknown> | void} undo
   */
  add(what, undo) {
    this.#steps.push({ what, undo });
  }

  /**
   * Undoes everything; a step that fails keeps no other from being tried.
   *
   * @returns {Promise<boolean>} whether all of it went well
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
