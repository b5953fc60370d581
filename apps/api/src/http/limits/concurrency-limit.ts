/** Counts concurrent work in total and per owner. */
export class ConcurrencyLimit {
  private total = 0;
  private readonly byOwner = new Map<string, number>();

  constructor(
    private readonly maxTotal: number,
    private readonly maxPerOwner: number,
  ) {}

  /** Whether the total limit is reached. */
  get isFull(): boolean {
    return this.total >= this.maxTotal;
  }

  /** Returns whether the limit of that owner is reached. */
  isFullFor(owner: string): boolean {
    return (this.byOwner.get(owner) ?? 0) >= this.maxPerOwner;
  }

  /** @returns a function to call once, when the work has ended */
  begin(owner: string): () => void {
    this.total++;
    this.byOwner.set(owner, (this.byOwner.get(owner) ?? 0) + 1);
    return () => {
      this.total--;
      const left = (this.byOwner.get(owner) ?? 1) - 1;
      if (left > 0) this.byOwner.set(owner, left);
      else this.byOwner.delete(owner);
    };
  }
}
