import { setTimeout as delay } from 'node:timers/promises';
import { type Followed, Redactor, RUNTIME_LOG_HISTORY, RuntimeLog, type RuntimeLogState } from '@nexos/logs';
import { EngineConfig } from '@nexos/config';
import { type RuntimeLogPlace } from '@nexos/contracts';
import { DeploymentsRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { DeploymentServices, EngineError, serviceName } from '@nexos/engine';
import { ProjectVariables } from '@nexos/env-vars';
import { PeriodicTimer } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { RuntimeLogBatch } from './runtime-log-batch.js';
import { injectedSecrets } from '../rollout/injected-variables.js';

const RENEW_MS = 2_000;
const FLUSH_MS = 100;
/** The history is there once no line of it has come for this long; the engine does not say so. */
const QUIET_MS = 300;
const HISTORY_MS = 2_000;
/** How often it is looked whether the service is still there: the engine does not say that either. */
const LOOK_MS = 5_000;
const AGAIN_MS = 1_000;

/** The claim of one process on the log of one deployment. */
export interface RuntimeLogClaim extends Followed {
  readonly projectId: string;
  readonly token: string;
}

/** Collects what the app of one deployment writes, without the secrets in it, for as long as somebody reads it. */
@Injectable()
export class RuntimeLogSession {
  private readonly logger = new Logger(RuntimeLogSession.name);

  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly log: RuntimeLog,
    private readonly services: DeploymentServices,
    private readonly variables: ProjectVariables,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** Runs until nobody reads any more, the claim is lost, or the signal says stop; then the claim is given back. */
  async run(deploymentId: string, token: string, stopping: AbortSignal): Promise<void> {
    const deployment = await this.deployments.find(deploymentId);
    if (deployment !== null) {
      const { environmentId, projectId } = deployment;
      await this.collect({ deploymentId, environmentId, projectId, token }, stopping);
    }
    await this.log.release(deploymentId, token);
  }

  private async collect(claim: RuntimeLogClaim, stopping: AbortSignal): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([stopping, over.signal]);
    let state: RuntimeLogState | null = null;
    const tell = async (now: RuntimeLogState | null) => {
      state = now;
      if (!(await this.log.renew(claim, claim.token, now))) over.abort();
    };
    const keeping = new PeriodicTimer('runtime log', RENEW_MS, async () => {
      if (!(await this.log.isWanted(claim.deploymentId))) over.abort();
      else await tell(state);
    });
    keeping.start();
    try {
      while (!signal.aborted) {
        await this.attempt(claim, tell, signal);
        await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await keeping.stop();
    }
  }

  /** Whatever fails is tried again, from the last line that is known. */
  private async attempt(
    claim: RuntimeLogClaim,
    tell: (state: RuntimeLogState) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const redactor = await this.redactorOf(claim);
      if (redactor instanceof Redactor) await this.follow(claim, redactor, tell, signal);
      else await tell(redactor);
    } catch (error) {
      if (signal.aborted) return;
      this.logger.warn(`the runtime log of ${claim.deploymentId} broke off: ${(error as Error).message}`);
      if (error instanceof EngineError) await tell('away');
    }
  }

  /** Knows what the project's variables are, and what they were when the app was started. */
  private async redactorOf({
    projectId,
    deploymentId,
  }: Followed & { projectId: string }): Promise<Redactor | RuntimeLogState> {
    const told = await this.services.environmentOf(this.serviceOf(deploymentId));
    if (told === null) return 'missing';
    try {
      const { secrets } = await this.variables.open(projectId);
      return new Redactor([...secrets, ...injectedSecrets(told)]);
    } catch (error) {
      if (error instanceof DeploymentFailure) return 'sealed';
      throw error;
    }
  }

  private async follow(
    claim: RuntimeLogClaim,
    redactor: Redactor,
    tell: (state: RuntimeLogState) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { deploymentId } = claim;
    const name = this.serviceOf(deploymentId);
    const [last] = await this.log.tail(deploymentId, 1, { nanoseconds: '0', ordinal: 0 });
    const batch = new RuntimeLogBatch(placeOf(last), () => Date.now());
    const reading = new AbortController();
    const began = Date.now();
    let heard = began;
    let isCaughtUp = false;
    const flushing = new PeriodicTimer('runtime log', FLUSH_MS, async () => {
      const now = Date.now();
      if (!isCaughtUp && now - heard < QUIET_MS && now - began < HISTORY_MS) return;
      try {
        const lines = batch.take().map((line) => ({ ...line, text: redactor.redact(line.text) }));
        const isOurs = lines.length === 0 || (await this.log.append(claim, claim.token, lines));
        if (!isOurs) reading.abort();
        else if (!isCaughtUp) await tell('following');
        isCaughtUp = true;
      } catch (error) {
        // What was not written down is read again.
        reading.abort();
        throw error;
      }
    });
    const looking = new PeriodicTimer('runtime log', LOOK_MS, async () => {
      if ((await this.services.environmentOf(name)) === null) reading.abort();
    });
    flushing.start();
    looking.start();
    try {
      const either = AbortSignal.any([signal, reading.signal]);
      const since = last === undefined ? {} : { since: last.nanoseconds };
      const lines = this.services.followLogs(name, { ...since, tail: RUNTIME_LOG_HISTORY, signal: either });
      for await (const line of lines) {
        heard = Date.now();
        batch.add(line);
        if (batch.isBehind) break;
      }
    } finally {
      await Promise.all([flushing.stop(), looking.stop()]);
    }
  }

  private serviceOf(deploymentId: string): string {
    return serviceName(this.engineConfig.instance, deploymentId);
  }
}

function placeOf(line: RuntimeLogPlace | undefined): RuntimeLogPlace | null {
  return line === undefined ? null : { nanoseconds: line.nanoseconds, ordinal: line.ordinal };
}
