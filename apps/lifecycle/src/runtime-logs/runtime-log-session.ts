import { setTimeout as delay } from 'node:timers/promises';
import { type LogSubject, OutputArchive, Redactor, RuntimeLog, type RuntimeLogState } from '@nexos/logs';
import {
  type LoggedContainer,
  RUNTIME_LOG_START,
  runtimeLogName,
  type RuntimeLogLine,
} from '@nexos/contracts';
import { DeploymentsRepository } from '@nexos/state';
import { EngineError } from '@nexos/engine';
import { PeriodicTimer } from '@nexos/queue';
import { Injectable, Logger } from '@nestjs/common';
import { OutputFollower } from './output-follower.js';

const RENEW_MS = 2_000;
/** How often to check that the service still exists; the engine does not report that either. */
const CHECK_EVERY_MS = 5_000;
const RETRY_MS = 1_000;

/** One process's claim on the log of one container. */
export interface RuntimeLogClaim extends LogSubject, LoggedContainer {
  readonly projectId: string;
  readonly token: string;
}

/** Collects one container's output, redacted, for as long as someone reads it. */
@Injectable()
export class RuntimeLogSession {
  private readonly logger = new Logger(RuntimeLogSession.name);

  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly log: RuntimeLog,
    private readonly follower: OutputFollower,
    private readonly archive: OutputArchive,
  ) {}

  /** Runs until nobody reads the log, the claim is lost or the signal is aborted, and then releases the claim. */
  async run(container: LoggedContainer, token: string, stopping: AbortSignal): Promise<void> {
    const log = runtimeLogName(container);
    const deployment = await this.deployments.find(container.deploymentId);
    if (deployment !== null) {
      const { environmentId, projectId } = deployment;
      await this.collect({ ...container, log, environmentId, projectId, token }, stopping);
    }
    await this.log.release(log, token);
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
      if (!(await this.log.isRequested(claim.log))) ended.abort();
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
      await this.loadArchive(claim);
      const redactor = await this.follower.redactorOf(claim, claim.projectId);
      if (redactor instanceof Redactor) await this.follow(claim, redactor, report, signal);
      else await report(redactor);
    } catch (error) {
      if (signal.aborted) return;
      this.logger.warn(`the runtime log of ${claim.log} was interrupted: ${(error as Error).message}`);
      if (error instanceof EngineError) await report('away');
    }
  }

  private async follow(
    claim: RuntimeLogClaim,
    redactor: Redactor,
    report: (state: RuntimeLogState) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { deploymentId, container } = claim;
    const [last] = await this.log.tail(claim.log, 1, RUNTIME_LOG_START);
    const reading = new AbortController();
    const checking = new PeriodicTimer('runtime log', CHECK_EVERY_MS, async () => {
      if (!(await this.follower.hasService(claim))) reading.abort();
    });
    let isFollowing = false;
    const store = async (lines: RuntimeLogLine[]) => {
      const isOurs = lines.length === 0 || (await this.log.append(claim, claim.token, lines));
      if (isOurs && !isFollowing) await report('following');
      isFollowing ||= isOurs;
      return isOurs;
    };
    checking.start();
    try {
      await this.follower.follow({
        deploymentId,
        container,
        redactor,
        last: last === undefined ? null : { nanoseconds: last.nanoseconds, ordinal: last.ordinal },
        signal: AbortSignal.any([signal, reading.signal]),
        store,
      });
    } finally {
      await checking.stop();
    }
  }

  /** Loads what the engine no longer has, since it was written by containers that were stopped. */
  private async loadArchive(claim: RuntimeLogClaim): Promise<void> {
    const lines = await this.archive.read(claim);
    if (lines.length > 0) await this.log.append(claim, claim.token, lines);
  }
}
