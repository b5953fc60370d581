/** One credential's minute, as one process knows it. Times are in milliseconds. */
export class RateWindow {
  /** What all processes together had counted when they were last asked, and what was counted here since. */
  private counted = 0;
  /** What was counted here and is not told yet. */
  private untold = 0;

  constructor(
    readonly limit: number,
    /** When it ends and the next one begins. */
    public endsAt: number,
  ) {}

  get remaining(): number {
    return Math.max(0, this.limit - this.counted);
  }

  /** Counts one request, if it is still within the limit. */
  take(): boolean {
    if (this.counted >= this.limit) return false;
    this.counted++;
    this.untold++;
    return true;
  }

  /** What is to be told to the others now. */
  tell(): number {
    const told = this.untold;
    this.untold = 0;
    return told;
  }

  /** The others could not be told: they will be the next time. */
  keepToTell(count: number): void {
    this.untold += count;
  }

  /** Takes over what all of them have counted, ourselves as far as we told it, and when their minute ends. */
  learn(countedByAll: number, endsAt: number): void {
    this.counted = countedByAll + this.untold;
    this.endsAt = endsAt;
  }
}
