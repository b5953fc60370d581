import { Redactor } from '@nexos/logs';
import { type ExecutionEntity, isDatabaseError, LeaseLostError, UnitOfWork } from '@nexos/database';
import {
  beginExecution,
  EnvironmentDatabasesRepository,
  EnvironmentsRepository,
  type ExecutionOutcome,
  ExecutionsRepository,
  finishExecution,
} from '@nexos/state';
import { DeploymentFailure, ExecutionFailure, isExecutionUnfinished, missingService } from '@nexos/domain';
import {
  Engine,
  EngineNotManagerError,
  EngineUnavailableError,
  type JobEnd,
  OneOffJobs,
} from '@nexos/engine';
import { DecryptedVariables } from '@nexos/env-vars';
import { containersOf } from '@nexos/settings';
import { Injectable, Logger } from '@nestjs/common';
import { ProjectServices, ServicesGoneError } from '../services/project-services.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { injectedSecrets } from '../rollout/injected-secrets.js';
import { waitUntil } from '../wait-until.js';
import { ExecutionLogs, type ExecutionLog } from './execution-log.js';
import { ExecutionJobSpecs, type ExecutionTarget } from './execution-job-specs.js';
import { outcomeOf, outcomeOfError, saysNoShell, formatOutcome } from './execution-outcome.js';
import { ExecutionCancelledError, ExecutionWatch } from './execution-watch.js';

/** After this wait, the caller no longer expects the command to run. */
const MAX_WAIT_MS = 5 * 60_000;

const CHECK_EVERY_MS = 1_000;

const TRANSIENT_ERRORS = [LeaseLostError, ServicesGoneError, EngineUnavailableError, EngineNotManagerError];

/** An execution's lease, and a signal that hands a running command over to another worker. */
type Work = Pick<ReconcileContext, 'lease' | 'signal'>;

/** Everything needed to run a command, or the reason why it is unavailable. */
type ExecutionInputs = { target: ExecutionTarget; variables: DecryptedVariables } | { error: Error };

/**
 * Runs an execution to its end while its lease is held. A command starts at most once: only the worker that moves its
 * execution to `running` starts it. Any other worker waits for that container, or reports it lost.
 */
@Injectable()
export class ExecutionRunner {
  private readonly logger = new Logger(ExecutionRunner.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly executions: ExecutionsRepository,
    private readonly environments: EnvironmentsRepository,
    private readonly databases: EnvironmentDatabasesRepository,
    private readonly engine: Engine,
    private readonly jobs: OneOffJobs,
    private readonly specs: ExecutionJobSpecs,
    private readonly watch: ExecutionWatch,
    private readonly logs: ExecutionLogs,
    private readonly services: ProjectServices,
  ) {}

  /** @throws errors that a later attempt, or another worker, may overcome */
  async run(id: string, work: Work): Promise<void> {
    const execution = await this.executions.find(id);
    if (execution?.settledAt !== null) return;
    await this.engine.ping();
    if (isExecutionUnfinished(execution.status)) await this.runToEnd(execution, work);
    await this.jobs.removeAll({ executionId: id }, work.lease.guard, work.signal);
    await this.restServices(execution, work.signal);
    const isSettled = await this.executions.settle({ executionId: id, epoch: work.lease.epoch });
    if (!isSettled) await work.lease.guard();
  }

  /**
   * Stops services that the command may have started although its environment does not run, or just after it went to
   * sleep or was destroyed.
   */
  private async restServices(
    { environmentId, projectId }: ExecutionEntity,
    signal: AbortSignal,
  ): Promise<void> {
    const environment = await this.environments.get(environmentId);
    const isResting = environment.desiredState !== 'running' || environment.status === 'failed';
    if (isResting) await this.services.stopIfUnused(projectId, signal);
  }

  private async runToEnd(execution: ExecutionEntity, work: Work): Promise<void> {
    const inputs = await this.inputsFor(execution);
    const log = await this.logs.open(execution, new Redactor(await this.secretsOf(execution, inputs)));
    const { writer } = log;
    let isKept = false;
    try {
      const outcome = await this.outcome(execution, inputs, log, work);
      writer.note(formatOutcome(outcome, execution.timeoutSeconds));
      const held = { executionId: execution.id, epoch: work.lease.epoch };
      const isFinished = await this.unitOfWork.run(async (transaction) => {
        await writer.archive();
        return finishExecution(transaction, held, outcome);
      });
      isKept = true;
      if (!isFinished) await work.lease.guard();
    } catch (error) {
      if (isKept) throw error;
      writer.note('the worker was interrupted; another worker will take over');
      await writer.archive();
      isKept = true;
      throw error;
    } finally {
      await writer.close(isKept);
    }
  }

  /** Returns the current secrets, and for a command taken over, those it was started with. */
  private async secretsOf(execution: ExecutionEntity, inputs: ExecutionInputs): Promise<string[]> {
    const now = 'variables' in inputs ? inputs.variables.secrets : [];
    if (execution.status !== 'running') return now;
    const injected = await this.jobs.variablesOf(this.specs.runOf(execution));
    const variables = 'variables' in inputs ? inputs.variables : new DecryptedVariables([]);
    const inRepository = 'target' in inputs ? variablesInRepository(execution, inputs.target) : {};
    return [...now, ...injectedSecrets(injected ?? {}, variables, inRepository)];
  }

  private async inputsFor(execution: ExecutionEntity): Promise<ExecutionInputs> {
    try {
      const target = await this.specs.targetOf(execution);
      return { target, variables: await this.specs.variablesOf(target) };
    } catch (error) {
      if (error instanceof DeploymentFailure || error instanceof ExecutionCancelledError) return { error };
      throw error;
    }
  }

  /**
   * Runs the command and returns its outcome, unless another worker should continue. After any failure, nothing of it
   * runs.
   */
  private async outcome(
    execution: ExecutionEntity,
    inputs: ExecutionInputs,
    log: ExecutionLog,
    work: Work,
  ): Promise<ExecutionOutcome> {
    let lacksShell = false;
    const onLine = (line: Parameters<ExecutionLog['take']>[0]) => {
      lacksShell ||= saysNoShell(line.text);
      log.take(line);
    };
    try {
      const end = await this.watch.whileWanted(execution.id, work.signal, (signal) => {
        if ('error' in inputs) throw inputs.error;
        const now = { ...work, signal, onLine };
        return execution.status === 'queued'
          ? this.start(execution, inputs.target, inputs.variables, { ...now, log })
          : this.adopt(execution, now);
      });
      const { services } = 'target' in inputs ? inputs.target.deployment.settings : {};
      return outcomeOf(end, { lacksShell, missing: services && missingService(execution.command, services) });
    } catch (error) {
      if (work.signal.aborted || isTransient(error)) throw error;
      await this.jobs.removeAll({ executionId: execution.id }, work.lease.guard, work.signal);
      return this.toOutcome(execution.id, error, log);
    }
  }

  private async start(
    execution: ExecutionEntity,
    target: ExecutionTarget,
    variables: DecryptedVariables,
    { lease, signal, onLine, log }: Work & { onLine: ExecutionLog['take']; log: ExecutionLog },
  ): Promise<JobEnd> {
    // A reset may be about to replace the database that the command is meant for.
    const isReady = async () => !(await this.databases.isBeingReset(execution.environmentId));
    const deadlineMs = execution.queuedAt.getTime() + MAX_WAIT_MS - Date.now();
    if (deadlineMs < 0 || !(await waitUntil(isReady, { everyMs: CHECK_EVERY_MS, deadlineMs }, signal))) {
      throw new ExecutionFailure(
        'not_started',
        'The command could not be started within five minutes. Run it again.',
      );
    }
    const spec = await this.specs.specFor(execution, target, variables, { lease, signal });
    log.writer.redactAlso(variables.expandedSecrets(target.environment.branch, spec.env));
    const held = { executionId: execution.id, epoch: lease.epoch };
    const isStarted = await this.unitOfWork.run((transaction) =>
      beginExecution(transaction, held, target.deployment.id),
    );
    if (!isStarted) {
      await lease.guard();
      throw new ExecutionCancelledError('cancelled');
    }
    return this.jobs.run(spec, { guard: lease.guard, signal, onLine, isKept: true });
  }

  private async adopt(
    execution: ExecutionEntity,
    { lease, signal, onLine }: Work & { onLine: ExecutionLog['take'] },
  ): Promise<JobEnd> {
    const run = this.specs.runOf(execution);
    const end = await this.jobs.adopt(run, { guard: lease.guard, signal, onLine, isKept: true });
    if (end !== null) return end;
    throw new ExecutionFailure(
      'worker_lost',
      'The worker that ran the command was lost, and the container no longer exists. Check what the command did before you run it again: it may have run fully, partly or not at all.',
    );
  }

  private async toOutcome(id: string, error: unknown, { writer }: ExecutionLog): Promise<ExecutionOutcome> {
    if (error instanceof ExecutionCancelledError) {
      writer.note(error.message);
      return { status: 'cancelled' };
    }
    try {
      // The container may have been removed because the command is no longer wanted.
      await this.watch.check(id);
    } catch (unwanted) {
      if (!(unwanted instanceof ExecutionCancelledError)) throw unwanted;
      return this.toOutcome(id, unwanted, { writer, take: () => undefined });
    }
    const outcome = outcomeOfError(error);
    if (outcome.status === 'failed' && outcome.failure.code === 'internal_error') {
      const { message, stack = '' } = error as Error;
      this.logger.error(writer.redact(`${id} failed: ${message}`), writer.redact(stack));
    }
    return outcome;
  }
}

function variablesInRepository(
  { container: name }: ExecutionEntity,
  { deployment: { settings } }: ExecutionTarget,
): Record<string, string> {
  const container = containersOf(settings).find((one) => one.name === name);
  return { ...settings.env, ...container?.env };
}

/** Returns whether a later attempt, or another worker, may still succeed. */
function isTransient(error: unknown): boolean {
  return isDatabaseError(error) || TRANSIENT_ERRORS.some((kind) => error instanceof kind);
}
