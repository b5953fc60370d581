import { setTimeout as wait } from 'node:timers/promises';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { type Guard, type JobEnd, sharedServiceName } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { ServiceAwayError, ServiceRefusedError, type ServiceCall } from './service-recipe.js';

const AGAIN_MS = 200;

/** Carries out what is asked of a project's services by requests. */
@Injectable()
export class ServiceCalls {
  constructor(
    private readonly engineConfig: EngineConfig,
    private readonly config: ServicesConfig,
  ) {}

  /**
   * Carries out a call, from its beginning each time, until the service has answered all of it or has taken too long.
   *
   * @param onLine is told why it did not come to its end
   * @returns how it ended, as a job would have: with 1 when the service refused
   * @throws what the guard throws, or the signal's reason
   */
  async run(
    { call }: ServiceCall,
    on: { projectId: string; kind: string; guard: Guard; signal: AbortSignal },
    onLine: (text: string) => void,
  ): Promise<JobEnd> {
    const { guard, signal } = on;
    const service = sharedServiceName(this.engineConfig.instance, on.projectId, on.kind);
    let deadline = 0;
    const onProgress = () => (deadline = Date.now() + this.config.timeoutMs);
    onProgress();
    for (;;) {
      try {
        await call({ service, guard, signal, onProgress });
        return { kind: 'exited', code: 0 };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServiceAwayError || error instanceof ServiceRefusedError)) throw error;
        const isOver = Date.now() > deadline;
        if (isOver || error instanceof ServiceRefusedError) onLine(error.message);
        if (error instanceof ServiceRefusedError) return { kind: 'exited', code: 1 };
        if (isOver) return { kind: 'timed-out', lastState: error.message };
      }
      await wait(AGAIN_MS, undefined, { signal });
    }
  }
}
