/** It was not one's turn in time. */
export class QueueTimeoutError extends Error {
  constructor() {
    super('it was not its turn in time');
    this.name = 'QueueTimeoutError';
  }
}

/** Lets so many do something at once; the others wait, and whoever came first goes first. */
export class FairQueue {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly atOnce: number,
    private readonly deadlineMs: number,
    private readonly waitingAtMost: number,
  ) {}

  /** @throws {QueueTimeoutError} when `work` was not begun before the deadline, or too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else await this.turn();
    try {
      return await work();
    } finally {
      this.handOn();
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.size >= this.waitingAtMost) throw new QueueTimeoutError();
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.waiting.delete(begin);
        reject(new QueueTimeoutError());
      }, this.deadlineMs);
      const begin = () => {
        clearTimeout(deadline);
        resolve();
      };
      this.waiting.add(begin);
    });
  }

  /** Whoever waits takes the place over, so that nobody who comes just now is before them. */
  private handOn(): void {
    const next = this.waiting.values().next();
    if (next.done === true) {
      this.running--;
      return;
    }
    this.waiting.delete(next.value);
    next.value();
  }
}
