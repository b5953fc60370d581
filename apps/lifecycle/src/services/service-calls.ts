import { setTimeout as wait } from 'node:timers/promises';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { type Guard, type JobEnd, sharedServiceName } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { Relays } from '../relays/relays.js';
import { ServiceUnavailableError, ServiceRefusedError, type ServiceCall } from './service-recipe.js';

const RETRY_MS = 200;

/** Runs provisioning tasks that are requests to a project's service. */
@Injectable()
export class ServiceCalls {
  constructor(
    private readonly engineConfig: EngineConfig,
    private readonly config: ServicesConfig,
    private readonly relays: Relays,
  ) {}

  /**
   * Starts the project's relay if the service is behind it. Retries a call from its beginning until it succeeds, the service refuses it, or it times out.
   *
   * @param onLine receives the reason for a failure
   * @returns the outcome in the terms of a job; exit code 1 when the service refused
   * @throws what the guard throws, or the signal's reason
   */
  async run(
    { call }: ServiceCall,
    on: { projectId: string; kind: string; guard: Guard; signal: AbortSignal },
    onLine: (text: string) => void,
  ): Promise<JobEnd> {
    const { guard, signal } = on;
    const service = sharedServiceName(this.engineConfig.instance, on.projectId, on.kind);
    const relay = await this.relays.prepare(on.projectId, service, signal);
    let deadline = 0;
    const onProgress = () => (deadline = Date.now() + this.config.timeoutMs);
    onProgress();
    for (;;) {
      try {
        await call({ service, relay, guard, signal, onProgress });
        return { kind: 'exited', code: 0 };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServiceUnavailableError || error instanceof ServiceRefusedError)) throw error;
        const isTimedOut = Date.now() > deadline;
        if (isTimedOut || error instanceof ServiceRefusedError) onLine(error.message);
        if (error instanceof ServiceRefusedError) return { kind: 'exited', code: 1 };
        if (isTimedOut) return { kind: 'timed-out', lastState: error.message };
      }
      await wait(RETRY_MS, undefined, { signal });
    }
  }
}
