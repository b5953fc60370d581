import { setTimeout as wait } from 'node:timers/promises';
import { BuilderConfig } from '@nexos/config';
import { RegistryFailure } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

const MAX_ATTEMPTS = 4;
const FACTOR = 3;

/** Repeats what a registry refused only for now: rate limits, outages and timeouts. */
@Injectable()
export class RegistryRetries {
  constructor(private readonly config: BuilderConfig) {}

  /** @throws {RegistryFailure} that says how often it was tried */
  async run<T>({ log, signal }: BuildTask, attempt: () => Promise<T>): Promise<T> {
    let delay = this.config.registryRetryMs;
    for (let attempts = 1; ; attempts++, delay *= FACTOR) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof RegistryFailure) || !error.isTransient) throw error;
        if (attempts === MAX_ATTEMPTS) throw error.after(attempts);
        const seconds = (delay / 1000).toFixed(1);
        log.note(
          log.redact(`${error.reason}; trying again in ${seconds} s (${attempts + 1} of ${MAX_ATTEMPTS})`),
        );
        // A build that ends during the pause fails for that reason.
        await wait(delay, undefined, { signal }).catch(() => Promise.reject(error.after(attempts)));
      }
    }
  }
}
