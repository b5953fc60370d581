import { isDatabaseAway } from './database-errors.js';

/** How much goes together. */
export interface BatchLoaderOptions {
  /** Questions under way at a time. */
  readonly underWay: number;
  /** Items in one question, at most. */
  readonly items: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks one question for all who ask at the same time: the way to the database and back costs more than one more row.
 * Whoever asks alone waits for nobody; what is asked while enough questions are under way goes with the next one. Each
 * is answered once its own question was, and one that makes a question fail does not fail the others: they are then
 * asked each by itself.
 */
export class BatchLoader<Item, Answer> {
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private underWay = 0;
  private starting = false;

  /** @param ask answers the items in their order; asked again about each of them alone when it throws */
  constructor(
    private readonly ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly options: BatchLoaderOptions,
  ) {}

  /** @throws what `ask` throws for the item alone */
  about(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.startSoon();
    });
  }

  /** Once all that arrived with it has been read. */
  private startSoon(): void {
    if (this.starting || this.underWay >= this.options.underWay) return;
    this.starting = true;
    setImmediate(() => {
      this.starting = false;
      const together = this.waiting.splice(0, this.options.items);
      this.underWay++;
      void this.answer(together).finally(() => {
        this.underWay--;
        if (this.waiting.length > 0) this.startSoon();
      });
      if (this.waiting.length > 0) this.startSoon();
    });
  }

  private async answer(together: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.ask(together.map(({ item }) => item));
      together.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
    } catch (error) {
      // What is away for all of them is away for each.
      if (together.length === 1 || isDatabaseAway(error)) for (const one of together) one.reject(error);
      else await Promise.all(together.map((one) => this.answer([one])));
    }
  }
}
