import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { PeriodicTimer } from './periodic-timer.js';

/** Runs periodically from the start of the process until it shuts down. */
export abstract class PeriodicTask
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  private readonly timer: PeriodicTimer;

  /** @param name shown in the log */
  constructor(name: string, everyMs: number) {
    this.timer = new PeriodicTimer(name, everyMs, () => this.run());
  }

  onApplicationBootstrap(): void {
    this.timer.start();
  }

  /** Begins no further turn, however long others take to stop. */
  onModuleDestroy(): void {
    this.timer.cancel();
  }

  /** Waits for the turn in progress. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.timer.stop();
  }

  /** Changes the pause between two turns, beginning with the next one. */
  protected setPause(everyMs: number): void {
    this.timer.everyMs = everyMs;
  }

  /** Never runs concurrently with itself. An error is logged, and the next turn runs as usual. */
  protected abstract run(): Promise<void>;
}
