import { isDatabaseUnavailable } from './database-errors.js';

/** Limits of batching. */
export interface BatchLoaderOptions {
  /** Maximum concurrent batches. */
  readonly concurrency: number;
  /** Maximum items in one batch. */
  readonly items: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Loads concurrently requested items in one batch, because a round trip to the database costs more than another row. A
 * single request waits for no others; requests that arrive while enough batches run go with the next one. Each resolves
 * with its own batch. When a batch fails, its items are retried one by one, so that a bad item fails no others.
 */
export class BatchLoader<Item, Answer> {
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private underWay = 0;
  private starting = false;

  /** @param ask returns the answers in the order of the items; called again for each item alone when it throws */
  constructor(
    private readonly ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly options: BatchLoaderOptions,
  ) {}

  /** @throws what `ask` throws for the item alone */
  load(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.startSoon();
    });
  }

  /** Starts a batch after all input that arrived at the same time has been read. */
  private startSoon(): void {
    if (this.starting || this.underWay >= this.options.concurrency) return;
    this.starting = true;
    setImmediate(() => {
      this.starting = false;
      const batch = this.waiting.splice(0, this.options.items);
      this.underWay++;
      void this.answer(batch).finally(() => {
        this.underWay--;
        if (this.waiting.length > 0) this.startSoon();
      });
      if (this.waiting.length > 0) this.startSoon();
    });
  }

  private async answer(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.ask(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
    } catch (error) {
      // An unreachable database would fail each item as well.
      if (batch.length === 1 || isDatabaseUnavailable(error)) for (const one of batch) one.reject(error);
      else await Promise.all(batch.map((one) => this.answer([one])));
    }
  }
}
