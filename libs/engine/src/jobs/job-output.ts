import type { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import { type OutputLine, readServiceOutput } from '../logs/service-logs.js';

/** How long the rest of the output may take to be read once the job is over. */
const OUTPUT_MS = 10_000;

/**
 * What a job writes. It is followed while the job runs; at the end all of it is read again, and what had not come by
 * then is told. A job has one container, so that the order of its lines is always the same.
 */
export class JobOutput {
  private readonly stopped = new AbortController();
  private following: Promise<void> | undefined;
  private told = 0;
  private failure: Error | undefined;

  constructor(
    private readonly client: EngineClient,
    private readonly id: string,
    private readonly onLine: ((line: OutputLine) => void) | undefined,
  ) {}

  follow(): void {
    if (this.onLine === undefined) return;
    this.following ??= this.read(true, this.stopped.signal).catch((error: unknown) => {
      // What could not be followed is read at the end, where whatever else went wrong is told as well.
      if (!(error instanceof EngineError) && !this.stopped.signal.aborted) this.failure = error as Error;
    });
  }

  async finish(signal: AbortSignal): Promise<void> {
    if (this.onLine === undefined) return;
    this.stop();
    await this.following;
    if (this.failure !== undefined) throw this.failure;
    const inTime = AbortSignal.timeout(OUTPUT_MS);
    try {
      await this.read(false, AbortSignal.any([signal, inTime]));
    } catch (error) {
      signal.throwIfAborted();
      if (!inTime.aborted) throw error;
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  private async read(follow: boolean, abortSignal: AbortSignal): Promise<void> {
    let seen = 0;
    for await (const line of readServiceOutput(this.client, this.id, { follow, abortSignal })) {
      seen++;
      if (seen <= this.told) continue;
      this.told = seen;
      this.onLine?.(line);
    }
  }
}
