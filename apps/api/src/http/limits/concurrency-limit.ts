/** Counts what goes on at once: in all, and of each. */
export class ConcurrencyLimit {
  private inAll = 0;
  private readonly byOwner = new Map<string, number>();

  constructor(
    private readonly mostInAll: number,
    private readonly mostOfEach: number,
  ) {}

  /** Whether there is no room for anybody's. */
  get isFull(): boolean {
    return this.inAll >= this.mostInAll;
  }

  /** Whether there is no room for more of that owner. */
  isFullOf(owner: string): boolean {
    return (this.byOwner.get(owner) ?? 0) >= this.mostOfEach;
  }

  /** @returns to be called once, when it has come to its end */
  begin(owner: string): () => void {
    this.inAll++;
    this.byOwner.set(owner, (this.byOwner.get(owner) ?? 0) + 1);
    return () => {
      this.inAll--;
      const left = (this.byOwner.get(owner) ?? 1) - 1;
      if (left > 0) this.byOwner.set(owner, left);
      else this.byOwner.delete(owner);
    };
  }
}
