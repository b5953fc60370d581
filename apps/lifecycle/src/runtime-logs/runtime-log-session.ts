import { setTimeout as delay } from 'node:timers/promises';
import {
  type LogSubject,
  Redactor,
  RUNTIME_LOG_HISTORY,
  RuntimeLog,
  type RuntimeLogState,
} from '@nexos/logs';
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
/** The history counts as complete once no line has come for this long; the engine does not report it. */
const QUIET_MS = 300;
const HISTORY_MS = 2_000;
/** How often to check that the service still exists; the engine does not report that either. */
const CHECK_EVERY_MS = 5_000;
const RETRY_MS = 1_000;

/** One process's claim on the log of one deployment. */
export interface RuntimeLogClaim extends LogSubject {
  readonly projectId: string;
  readonly token: string;
}

/** Collects one deployment's app output, redacted, for as long as someone reads it. */
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

  /** Runs until nobody reads the log, the claim is lost or the signal is aborted, and then releases the claim. */
  async run(deploymentId: string, token: string, stopping: AbortSignal): Promise<void> {
    const deployment = await this.deployments.find(deploymentId);
    if (deployment !== null) {
      const { environmentId, projectId } = deployment;
      await this.collect({ deploymentId, environmentId, projectId, token }, stopping);
    }
    await this.log.release(deploymentId, token);
  }

  private async collect(claim: RuntimeLogClaim, stopping: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([stopping, ended.signal]);
    let state: RuntimeLogState | null = null;
    const report = async (now: RuntimeLogState | null) => {
      state = now;
      if (!(await this.log.renew(claim, claim.token, now))) ended.abort();
    };
    const renewing = new PeriodicTimer('runtime log', RENEW_MS, async () => {
      if (!(await this.log.isRequested(claim.deploymentId))) ended.abort();
      else await report(state);
    });
    renewing.start();
    try {
      while (!signal.aborted) {
        await this.attempt(claim, report, signal);
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      await renewing.stop();
    }
  }

  /** Follows the log once; after a failure, the next attempt resumes from the last known line. */
  private async attempt(
    claim: RuntimeLogClaim,
    report: (state: RuntimeLogState) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const redactor = await this.redactorOf(claim);
      if (redactor instanceof Redactor) await this.follow(claim, redactor, report, signal);
      else await report(redactor);
    } catch (error) {
      if (signal.aborted) return;
      this.logger.warn(
        `the runtime log of ${claim.deploymentId} was interrupted: ${(error as Error).message}`,
      );
      if (error instanceof EngineError) await report('away');
    }
  }

  /** Redacts the project's current variables, and those that the app was started with. */
  private async redactorOf({
    projectId,
    deploymentId,
  }: LogSubject & { projectId: string }): Promise<Redactor | RuntimeLogState> {
    const injected = await this.services.environmentOf(await this.serviceOf(deploymentId));
    if (injected === null) return 'missing';
    try {
      const { secrets } = await this.variables.open(projectId);
      return new Redactor([...secrets, ...injectedSecrets(injected)]);
    } catch (error) {
      if (error instanceof DeploymentFailure) return 'sealed';
      throw error;
    }
  }

  private async follow(
    claim: RuntimeLogClaim,
    redactor: Redactor,
    report: (state: RuntimeLogState) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { deploymentId } = claim;
    const name = await this.serviceOf(deploymentId);
    const [last] = await this.log.tail(deploymentId, 1, { nanoseconds: '0', ordinal: 0 });
    const batch = new RuntimeLogBatch(placeOf(last), () => Date.now());
    const reading = new AbortController();
    const startedAt = Date.now();
    let lastLineAt = startedAt;
    let isCaughtUp = false;
    const flushing = new PeriodicTimer('runtime log', FLUSH_MS, async () => {
      const now = Date.now();
      if (!isCaughtUp && now - lastLineAt < QUIET_MS && now - startedAt < HISTORY_MS) return;
      try {
        const lines = batch.take().map((line) => ({ ...line, text: redactor.redact(line.text) }));
        const isOurs = lines.length === 0 || (await this.log.append(claim, claim.token, lines));
        if (!isOurs) reading.abort();
        else if (!isCaughtUp) await report('following');
        isCaughtUp = true;
      } catch (error) {
        // Lines that were not stored are read again.
        reading.abort();
        throw error;
      }
    });
    const checking = new PeriodicTimer('runtime log', CHECK_EVERY_MS, async () => {
      if ((await this.services.environmentOf(name)) === null) reading.abort();
    });
    flushing.start();
    checking.start();
    try {
      const either = AbortSignal.any([signal, reading.signal]);
      const since = last === undefined ? {} : { since: last.nanoseconds };
      const lines = this.services.followLogs(name, { ...since, tail: RUNTIME_LOG_HISTORY, signal: either });
      for await (const line of lines) {
        lastLineAt = Date.now();
        batch.add(line);
        if (batch.isBehind) break;
      }
    } finally {
      await Promise.all([flushing.stop(), checking.stop()]);
    }
  }

  /** Names the current service, which is another one after the deployment has moved to another node. */
  private async serviceOf(deploymentId: string): Promise<string> {
    const deployment = await this.deployments.find(deploymentId);
    return serviceName(this.engineConfig.instance, deploymentId, deployment?.moves);
  }
}

function placeOf(line: RuntimeLogPlace | undefined): RuntimeLogPlace | null {
  return line === undefined ? null : { nanoseconds: line.nanoseconds, ordinal: line.ordinal };
}
