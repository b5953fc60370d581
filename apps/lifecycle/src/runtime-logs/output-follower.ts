import { Redactor, RUNTIME_LOG_HISTORY } from '@nexos/logs';
import { EngineConfig } from '@nexos/config';
import { type LoggedContainer, type RuntimeLogLine, type RuntimeLogPlace } from '@nexos/contracts';
import { DeploymentFailure } from '@nexos/domain';
import { DeploymentServices, EngineNotFoundError, serviceName } from '@nexos/engine';
import { ProjectVariables } from '@nexos/env-vars';
import { containersOf } from '@nexos/settings';
import { DeploymentsRepository } from '@nexos/state';
import { PeriodicTimer } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { ExitLines } from './exit-lines.js';
import { RuntimeLogBatch } from './runtime-log-batch.js';
import { injectedSecrets } from '../rollout/injected-secrets.js';

const FLUSH_MS = 100;
/** The history counts as complete once no line has come for this long; the engine does not report it. */
const QUIET_MS = 300;
const HISTORY_MS = 2_000;
const EXITS_EVERY_MS = 1_000;

/** What to follow, and where its lines go. */
export interface Following extends LoggedContainer {
  readonly redactor: Redactor;
  /** The last known line; following continues after it. */
  readonly last: RuntimeLogPlace | null;
  readonly signal: AbortSignal;
  /**
   * Stores redacted lines, in order. Called first once the history is complete, even if it is empty.
   *
   * @returns false to stop following
   */
  readonly store: (lines: RuntimeLogLine[]) => Promise<boolean>;
}

/** Follows what a container of a deployment writes and how it ends, across restarts, redacted and in order. */
@Injectable()
export class OutputFollower {
  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly services: DeploymentServices,
    private readonly variables: ProjectVariables,
    private readonly exitLines: ExitLines,
    private readonly engineConfig: EngineConfig,
  ) {}

  /**
   * Redacts the project's current variables, and those that the container was started with.
   *
   * @returns `missing` when the container has no service; `sealed` when the variables cannot be decrypted
   */
  async redactorOf(logged: LoggedContainer, projectId: string): Promise<Redactor | 'missing' | 'sealed'> {
    const found = await this.find(logged);
    const injected = found === null ? null : await this.services.environmentOf(found.service);
    if (found === null || injected === null) return 'missing';
    try {
      const variables = await this.variables.open(projectId);
      const { inRepository } = found;
      return new Redactor([...variables.secrets, ...injectedSecrets(injected, variables, inRepository)]);
    } catch (error) {
      if (error instanceof DeploymentFailure) return 'sealed';
      throw error;
    }
  }

  /**
   * Follows until the signal aborts, `store` returns false, or the app is so far ahead that reading must restart at the
   * end.
   *
   * @throws {EngineError} when the engine does not answer or the service does not exist
   */
  async follow({ deploymentId, container, redactor, last, signal, store }: Following): Promise<void> {
    const found = await this.find({ deploymentId, container });
    if (found === null) throw new EngineNotFoundError(`${deploymentId} has no container ${container}.`);
    const batch = new RuntimeLogBatch(last, () => Date.now());
    const exits = this.exitLines.reader({ deploymentId, container }, last?.nanoseconds ?? null);
    const addExits = async () => {
      for (const { line, isCopy } of await exits.next()) batch.add(line, isCopy);
    };
    await addExits();
    const reading = new AbortController();
    const startedAt = Date.now();
    let lastLineAt = startedAt;
    let isCaughtUp = false;
    const flush = async () => {
      // Lines of the stream `system` are Nexos's own.
      const lines = batch
        .take()
        .map((line) => (line.stream === 'system' ? line : { ...line, text: redactor.redact(line.text) }));
      if ((lines.length > 0 || !isCaughtUp) && !(await store(lines))) reading.abort();
      isCaughtUp = true;
    };
    const flushing = new PeriodicTimer('runtime log', FLUSH_MS, async () => {
      const now = Date.now();
      if (!isCaughtUp && now - lastLineAt < QUIET_MS && now - startedAt < HISTORY_MS) return;
      try {
        await flush();
      } catch (error) {
        // Lines that were not stored are read again.
        reading.abort();
        throw error;
      }
    });
    const reportingExits = new PeriodicTimer('runtime log', EXITS_EVERY_MS, addExits);
    flushing.start();
    reportingExits.start();
    try {
      const either = AbortSignal.any([signal, reading.signal]);
      const since = last === null ? {} : { since: last.nanoseconds };
      const lines = this.services.followLogs(found.service, {
        ...since,
        tail: RUNTIME_LOG_HISTORY,
        signal: either,
      });
      for await (const line of lines) {
        lastLineAt = Date.now();
        batch.add(line);
        if (batch.isBehind) break;
      }
    } finally {
      await Promise.all([flushing.stop(), reportingExits.stop()]);
    }
    if (!reading.signal.aborted) await flush();
  }

  /** Reports whether the container still has the service that it follows. */
  async hasService(logged: LoggedContainer): Promise<boolean> {
    const found = await this.find(logged);
    return found !== null && (await this.services.environmentOf(found.service)) !== null;
  }

  /** Returns the current service, which is another one after the deployment has moved to another node. */
  private async find({ deploymentId, container: name }: LoggedContainer) {
    const deployment = await this.deployments.find(deploymentId);
    if (deployment === null) return null;
    const { settings, moves } = deployment;
    const container = containersOf(settings).find((one) => one.name === name);
    if (container === undefined) return null;
    return {
      service: serviceName(this.engineConfig.instance, deploymentId, moves, container.index),
      inRepository: { ...settings.env, ...container.env },
    };
  }
}
