/** One credential's current minute, as this process knows it. Times are in milliseconds. */
export class RateWindow {
  /** The count of all processes at the last report, plus what was counted here since. */
  private counted = 0;
  /** What was counted here and is not reported yet. */
  private unreported = 0;

  constructor(
    readonly limit: number,
    /** When this window ends and the next one starts. */
    public endsAt: number,
  ) {}

  get remaining(): number {
    return Math.max(0, this.limit - this.counted);
  }

  /** Counts one request and returns true, unless the limit is reached. */
  take(): boolean {
    if (this.counted >= this.limit) return false;
    this.counted++;
    this.unreported++;
    return true;
  }

  /** Returns the count to report now, and marks it as reported. */
  takeUnreported(): number {
    const count = this.unreported;
    this.unreported = 0;
    return count;
  }

  /** Marks a count as unreported again after a failed report. */
  addUnreported(count: number): void {
    this.unreported += count;
  }

  /** Adopts the count of all processes, which includes what we reported, and the end of their window. */
  synchronize(totalCount: number, endsAt: number): void {
    this.counted = totalCount + this.unreported;
    this.endsAt = endsAt;
  }
}
