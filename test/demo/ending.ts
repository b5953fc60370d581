import { step, type Log } from '../../docker/local/progress.mjs';
import { messageOf } from '../../docker/local/setup-error.mjs';

/** What has to be undone at the end, in the opposite order of its doing. */
export class Ending {
  private readonly steps: { what: string; undo: () => unknown }[] = [];

  constructor(private readonly log: Log) {}

  /** @param what is done then, such as `Stopping the apps` */
  add(what: string, undo: () => unknown): void {
    this.steps.push({ what, undo });
  }

  /**
   * Undoes everything; a step that fails keeps no other from being tried.
   *
   * @returns whether all of it went well
   */
  async run(): Promise<boolean> {
    let isClean = true;
    for (let next = this.steps.pop(); next !== undefined; next = this.steps.pop()) {
      const { what, undo } = next;
      try {
        await step(this.log, what, async () => await undo());
      } catch (error) {
        isClean = false;
        this.log(`${what} failed: ${messageOf(error)}`);
      }
    }
    return isClean;
  }
}
