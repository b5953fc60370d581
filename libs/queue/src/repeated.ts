import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Repeater } from './repeater.js';

/** What a process does every so often, from its start until it is to end. */
export abstract class Repeated implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly repeater: Repeater;

  /** @param name what the log calls it */
  constructor(name: string, everyMs: number) {
    this.repeater = new Repeater(name, everyMs, () => this.takeTurn());
  }

  onApplicationBootstrap(): void {
    this.repeater.start();
  }

  /** Waits for the turn that is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.repeater.stop();
  }

  /** Never twice at once; what it throws is logged, and the next turn taken. */
  protected abstract takeTurn(): Promise<void>;
}
