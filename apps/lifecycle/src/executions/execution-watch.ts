import { ExecutionsRepository, type UnwantedBecause } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

const LOOK_EVERY_MS = 1_000;

/** A command was cancelled, or its environment does not run any more. */
export class ExecutionUnwantedError extends Error {
  constructor(readonly because: UnwantedBecause) {
    super(because === 'cancelled' ? 'it was cancelled' : 'the environment does not run any more');
    this.name = 'ExecutionUnwantedError';
  }
}

/** Whether a command that a worker sees to is still wanted. */
@Injectable()
export class ExecutionWatch {
  private readonly logger = new Logger(ExecutionWatch.name);

  constructor(private readonly executions: ExecutionsRepository) {}

  /** @throws {ExecutionUnwantedError} when it is not */
  async check(id: string): Promise<void> {
    const because = await this.executions.unwantedBecause(id);
    if (because !== null) throw new ExecutionUnwantedError(because);
  }

  /**
   * Does something as long as the execution is wanted.
   *
   * @param work is given a signal that is aborted when it is not, or when the other one is
   * @throws {ExecutionUnwantedError} when it is not wanted
   */
  async whileWanted<T>(
    id: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    await this.check(id);
    const unwanted = new AbortController();
    const timer = setInterval(() => {
      this.check(id).catch((error: unknown) => {
        if (error instanceof ExecutionUnwantedError) unwanted.abort(error);
        else this.logger.warn(`whether ${id} is still wanted is not known: ${(error as Error).message}`);
      });
    }, LOOK_EVERY_MS);
    try {
      return await work(AbortSignal.any([signal, unwanted.signal]));
    } catch (error) {
      throw unwanted.signal.aborted && !signal.aborted ? unwanted.signal.reason : error;
    } finally {
      clearInterval(timer);
    }
  }
}
