import { Logger } from '@nestjs/common';

/** Runs work periodically, never concurrently with itself, until stopped. Logs a failed turn and continues with the next. */
export class PeriodicTimer {
  private readonly logger = new Logger(PeriodicTimer.name);
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = true;

  /** @param everyMs the pause between two turns; a change applies from the next pause on */
  constructor(
    private readonly name: string,
    public everyMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  /** Starts with an immediate first turn. */
  start(): void {
    this.stopped = false;
    this.turn = this.takeTurn();
  }

  /** Begins no further turn. */
  cancel(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Begins no further turn, and resolves when the one in progress has ended. */
  async stop(): Promise<void> {
    this.cancel();
    await this.turn;
  }

  private async takeTurn(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.logger.warn(`${this.name}: ${(error as Error).message}`);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.turn = this.takeTurn();
    }, this.everyMs);
  }
}
