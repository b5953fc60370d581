/** Runs one read for all callers that ask for the same at the same time. */
export class SharedReads<Result> {
  private readonly running = new Map<string, Promise<Result>>();

  /** @param key names what is read; a caller gets the result of a read with the same key that is already running */
  share(key: string, read: () => Promise<Result>): Promise<Result> {
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const reading = read().finally(() => this.running.delete(key));
    this.running.set(key, reading);
    return reading;
  }
}
