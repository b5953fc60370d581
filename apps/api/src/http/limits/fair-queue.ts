/** The work did not start in time. */
export class QueueTimeoutError extends Error {
  constructor() {
    super('the work did not start in time');
    this.name = 'QueueTimeoutError';
  }
}

/** Limits how much work runs concurrently; further work waits in order of arrival. */
export class FairQueue {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly maxRunning: number,
    private readonly timeoutMs: number,
    private readonly maxWaiting: number,
  ) {}

  /** @throws {QueueTimeoutError} when `work` did not start before the deadline, or too much work is already waiting */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.maxRunning) this.running++;
    else await this.waitForTurn();
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  private waitForTurn(): Promise<void> {
    if (this.waiting.size >= this.maxWaiting) throw new QueueTimeoutError();
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.waiting.delete(begin);
        reject(new QueueTimeoutError());
      }, this.timeoutMs);
      const begin = () => {
        clearTimeout(deadline);
        resolve();
      };
      this.waiting.add(begin);
    });
  }

  /** Passes the slot to the first in line, so that new arrivals cannot overtake it. */
  private passOn(): void {
    const next = this.waiting.values().next();
    if (next.done === true) {
      this.running--;
      return;
    }
    this.waiting.delete(next.value);
    next.value();
  }
}
