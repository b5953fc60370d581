import { BuilderConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

/** Limits the images that this process builds at once, of all deployments together; the first to ask comes first. */
@Injectable()
export class BuildSlots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor({ concurrency }: BuilderConfig) {
    this.free = concurrency;
  }

  /** @throws the signal's reason, once it is aborted */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.take(signal);
    try {
      return await work();
    } finally {
      this.free++;
      this.waiting.shift()?.();
    }
  }

  private async take(signal: AbortSignal): Promise<void> {
    while (this.free === 0) {
      await new Promise<void>((resolve) => {
        const leave = () => {
          this.waiting.splice(this.waiting.indexOf(next), 1);
          resolve();
        };
        const next = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        this.waiting.push(next);
        signal.addEventListener('abort', leave, { once: true });
      });
      // It may have been this one's turn.
      if (signal.aborted) this.waiting.shift()?.();
      signal.throwIfAborted();
    }
    this.free--;
  }
}
