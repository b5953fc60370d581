import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig } from '@nexos/config';
import { DeploymentFailure } from '@nexos/domain';
import { RegistryFailure } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import type { BuildOutput } from '../builds/build-task.js';

const MAX_ATTEMPTS = 4;
const FACTOR = 3;

/** The build that waits, and its log if it has one yet. */
interface WaitingBuild {
  readonly log?: Pick<BuildOutput, 'note' | 'redact'>;
  readonly signal: AbortSignal;
}

/** Repeats what a registry or the Git host refused only for now: rate limits, outages and timeouts. */
@Injectable()
export class HostRetries {
  constructor(private readonly config: BuilderConfig) {}

  /**
   * @throws {RegistryFailure} that says how often it was tried
   * @throws {DeploymentFailure} repository_unreachable, after the last attempt
   */
  async run<T>({ log, signal }: WaitingBuild, attempt: () => Promise<T>): Promise<T> {
    let delay = this.config.registryRetryMs;
    for (let attempts = 1; ; attempts++, delay *= FACTOR) {
      try {
        return await attempt();
      } catch (error) {
        const reason = passingReason(error);
        if (reason === null) throw error;
        const last = error instanceof RegistryFailure ? error.after(attempts) : error;
        if (attempts === MAX_ATTEMPTS) throw last;
        const seconds = (delay / 1000).toFixed(1);
        log?.note(log.redact(`${reason}; trying again in ${seconds} s (${attempts + 1} of ${MAX_ATTEMPTS})`));
        // A build that ends during the pause fails for that reason.
        await wait(delay, undefined, { signal }).catch(() => Promise.reject(last as Error));
      }
    }
  }
}

/** Returns why it failed, in words, if it may succeed soon; otherwise null. */
function passingReason(error: unknown): string | null {
  if (error instanceof RegistryFailure) return error.isTransient ? error.reason : null;
  const isOutage = error instanceof DeploymentFailure && error.code === 'repository_unreachable';
  return isOutage ? 'the Git host did not answer' : null;
}
