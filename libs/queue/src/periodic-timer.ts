import { Logger } from '@nestjs/common';

/** Does something every so often, never twice at once, until it is stopped. A failure is logged and the next turn tried. */
export class PeriodicTimer {
  private readonly logger = new Logger(PeriodicTimer.name);
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = true;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  /** The first turn comes at once. */
  start(): void {
    this.stopped = false;
    this.turn = this.takeTurn();
  }

  /** Resolves when the turn that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
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
