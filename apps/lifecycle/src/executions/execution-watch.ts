import { ExecutionsRepository, type StopReason } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';

const CHECK_EVERY_MS = 1_000;

/** A command was cancelled, or its environment no longer runs. */
export class ExecutionCancelledError extends Error {
  constructor(readonly reason: StopReason) {
    super(reason === 'cancelled' ? 'the command was cancelled' : 'the environment is no longer running');
    this.name = 'ExecutionCancelledError';
  }
}

/** Checks whether a running command is still wanted. */
@Injectable()
export class ExecutionWatch {
  private readonly logger = new Logger(ExecutionWatch.name);

  constructor(private readonly executions: ExecutionsRepository) {}

  /** @throws {ExecutionCancelledError} when the execution is no longer wanted */
  async check(id: string): Promise<void> {
    const reason = await this.executions.stopReason(id);
    if (reason !== null) throw new ExecutionCancelledError(reason);
  }

  /**
   * Runs `work` while the execution is wanted.
   *
   * @param work receives a signal that is aborted when the execution is no longer wanted or `signal` is aborted
   * @throws {ExecutionCancelledError} when the execution is not wanted
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
        if (error instanceof ExecutionCancelledError) unwanted.abort(error);
        else this.logger.warn(`could not check whether ${id} was cancelled: ${(error as Error).message}`);
      });
    }, CHECK_EVERY_MS);
    try {
      return await work(AbortSignal.any([signal, unwanted.signal]));
    } catch (error) {
      throw unwanted.signal.aborted && !signal.aborted ? unwanted.signal.reason : error;
    } finally {
      clearInterval(timer);
    }
  }
}
