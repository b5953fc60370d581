import type { EngineClient } from '../client/engine-client.js';
import { EngineError } from '../client/engine-errors.js';
import { type OutputLine, readServiceOutput } from '../logs/service-logs.js';

/** How long reading the rest of the output may take once the job is over. */
const OUTPUT_MS = 10_000;

/**
 * Reads a job's output. It follows the output while the job runs; at the end it reads everything again and reports
 * the lines still missing. A job has one container, so the order of its lines never changes.
 */
export class JobOutput {
  private readonly stopped = new AbortController();
  private following: Promise<void> | undefined;
  private reported = 0;
  private failure: Error | undefined;

  constructor(
    private readonly client: EngineClient,
    private readonly id: string,
    private readonly onLine: ((line: OutputLine) => void) | undefined,
  ) {}

  follow(): void {
    if (this.onLine === undefined) return;
    this.following ??= this.read(true, this.stopped.signal).catch((error: unknown) => {
      // `finish` reads what could not be followed, and throws if the engine still fails.
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
      if (seen <= this.reported) continue;
      this.reported = seen;
      this.onLine?.(line);
    }
  }
}
