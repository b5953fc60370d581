import { step, type Log } from '../../docker/local/progress.mjs';
import { messageOf } from '../../docker/local/setup-error.mjs';

/** The steps that undo title the demo did, in reverse order. */
export class Cleanup {
  private readonly steps: { title: string; undo: () => unknown }[] = [];

  constructor(private readonly log: Log) {}

  /** @param title of the step, such as `Stopping the apps` */
  add(title: string, undo: () => unknown): void {
    this.steps.push({ title, undo });
  }

  /**
   * Runs all steps, even if one fails.
   *
   * @returns whether all succeeded
   */
  async run(): Promise<boolean> {
    let isClean = true;
    for (let next = this.steps.pop(); next !== undefined; next = this.steps.pop()) {
      const { title, undo } = next;
      try {
        await step(this.log, title, async () => await undo());
      } catch (error) {
        isClean = false;
        this.log(`${title} failed: ${messageOf(error)}`);
      }
    }
    return isClean;
  }
}
