import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { PeriodicTimer } from './periodic-timer.js';

/** Runs a turn every so often, from the start of the process until it shuts down. */
export abstract class PeriodicTask implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timer: PeriodicTimer;

  /** @param name what the log calls it */
  constructor(name: string, everyMs: number) {
    this.timer = new PeriodicTimer(name, everyMs, () => this.takeTurn());
  }

  onApplicationBootstrap(): void {
    this.timer.start();
  }

  /** Waits for the turn that is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.timer.stop();
  }

  /** Never twice at once; what it throws is logged, and the next turn taken. */
  protected abstract takeTurn(): Promise<void>;
}
