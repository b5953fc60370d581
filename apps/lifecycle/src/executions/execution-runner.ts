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
import { DeploymentFailure, ExecutionFailure, isExecutionUnfinished } from '@nexos/domain';
import {
  Engine,
  EngineNotManagerError,
  EngineUnavailableError,
  type JobEnd,
  OneOffJobs,
} from '@nexos/engine';
import { type DecryptedVariables } from '@nexos/env-vars';
import { Injectable, Logger } from '@nestjs/common';
import { ProjectServices, ServicesGoneError } from '../services/project-services.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { injectedSecrets } from '../rollout/injected-variables.js';
import { waitUntil } from '../wait-until.js';
import { ExecutionLogs, type ExecutionLog } from './execution-log.js';
import { ExecutionJobSpecs, type ExecutionTarget } from './execution-job-specs.js';
import { outcomeOf, outcomeOfError, saysNoShell, toldOutcome } from './execution-outcome.js';
import { ExecutionUnwantedError, ExecutionWatch } from './execution-watch.js';

/** Whoever asked for it does not expect it to happen any more after that. */
const WAITS_AT_MOST_MS = 5 * 60_000;

const LOOK_EVERY_MS = 1_000;

const LATER = [LeaseLostError, ServicesGoneError, EngineUnavailableError, EngineNotManagerError];

/** An execution's lease; the signal leaves what runs to another worker. */
type Work = Pick<ReconcileContext, 'lease' | 'signal'>;

/** What is needed to run a command, or why it cannot be had. */
type ExecutionInputs = { target: ExecutionTarget; variables: DecryptedVariables } | { error: Error };

/**
 * Sees an execution through while its lease is held. A command is begun once: only by whoever moves its execution to
 * `running`. Whoever finds it there waits for the container that was begun, or says that it is lost.
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

  /** @throws what a later moment, or another worker, can mend */
  async run(id: string, work: Work): Promise<void> {
    const execution = await this.executions.find(id);
    if (execution?.settledAt !== null) return;
    await this.engine.ping();
    if (isExecutionUnfinished(execution.status)) await this.seeThrough(execution, work);
    await this.jobs.removeAll({ executionId: id }, work.lease.guard, work.signal);
    await this.restServices(execution, work.signal);
    const isSettled = await this.executions.settle({ executionId: id, epoch: work.lease.epoch });
    if (!isSettled) await work.lease.guard();
  }

  /** It may have started services just after its environment had fallen asleep or gone. */
  private async restServices(
    { environmentId, projectId }: ExecutionEntity,
    signal: AbortSignal,
  ): Promise<void> {
    const environment = await this.environments.get(environmentId);
    if (environment.desiredState !== 'running') await this.services.rest(projectId, signal);
  }

  private async seeThrough(execution: ExecutionEntity, work: Work): Promise<void> {
    const inputs = await this.inputsFor(execution);
    const log = await this.logs.open(execution, new Redactor(await this.secretsOf(execution, inputs)));
    const { writer } = log;
    let isKept = false;
    try {
      const outcome = await this.outcome(execution, inputs, log, work);
      writer.say(toldOutcome(outcome, execution.timeoutSeconds));
      const held = { executionId: execution.id, epoch: work.lease.epoch };
      const isFinished = await this.unitOfWork.run(async (transaction) => {
        await writer.archive();
        return finishExecution(transaction, held, outcome);
      });
      isKept = true;
      if (!isFinished) await work.lease.guard();
    } catch (error) {
      if (isKept) throw error;
      writer.say('its worker was interrupted; another one goes on');
      await writer.archive();
      isKept = true;
      throw error;
    } finally {
      await writer.close(isKept);
    }
  }

  /** What is a secret now, and what was one when a command that is taken over was begun. */
  private async secretsOf(execution: ExecutionEntity, inputs: ExecutionInputs): Promise<string[]> {
    const now = 'variables' in inputs ? inputs.variables.secrets : [];
    if (execution.status !== 'running') return now;
    const told = await this.jobs.variablesOf(this.specs.runOf(execution));
    const inRepository = 'target' in inputs ? Object.values(inputs.target.deployment.settings.env) : [];
    return [...now, ...injectedSecrets(told ?? {}).filter((value) => !inRepository.includes(value))];
  }

  private async inputsFor(execution: ExecutionEntity): Promise<ExecutionInputs> {
    try {
      const target = await this.specs.targetOf(execution);
      return { target, variables: await this.specs.variablesOf(target) };
    } catch (error) {
      if (error instanceof DeploymentFailure || error instanceof ExecutionUnwantedError) return { error };
      throw error;
    }
  }

  /** Whatever it comes to, nothing of the command runs any more then. */
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
          ? this.begin(execution, inputs.target, inputs.variables, now)
          : this.adopt(execution, now);
      });
      return outcomeOf(end, { lacksShell });
    } catch (error) {
      if (work.signal.aborted || isForLater(error)) throw error;
      await this.jobs.removeAll({ executionId: execution.id }, work.lease.guard, work.signal);
      return this.explain(execution.id, error, log);
    }
  }

  private async begin(
    execution: ExecutionEntity,
    target: ExecutionTarget,
    variables: DecryptedVariables,
    { lease, signal, onLine }: Work & { onLine: ExecutionLog['take'] },
  ): Promise<JobEnd> {
    // The database that it was meant for may be just on its way out.
    const isReady = async () => !(await this.databases.isBeingReset(execution.environmentId));
    const deadlineMs = execution.queuedAt.getTime() + WAITS_AT_MOST_MS - Date.now();
    if (deadlineMs < 0 || !(await waitUntil(isReady, { everyMs: LOOK_EVERY_MS, deadlineMs }, signal))) {
      throw new ExecutionFailure(
        'not_started',
        'It could not be begun within five minutes. Ask for it again.',
      );
    }
    const spec = await this.specs.specFor(execution, target, variables, { lease, signal });
    const held = { executionId: execution.id, epoch: lease.epoch };
    const isBegun = await this.unitOfWork.run((transaction) =>
      beginExecution(transaction, held, target.deployment.id),
    );
    if (!isBegun) {
      await lease.guard();
      throw new ExecutionUnwantedError('cancelled');
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
      'The worker that ran it was lost, and its container is not there any more: it may have been run in part, in whole, or not at all.',
    );
  }

  private async explain(id: string, error: unknown, { writer }: ExecutionLog): Promise<ExecutionOutcome> {
    if (error instanceof ExecutionUnwantedError) {
      writer.say(error.message);
      return { status: 'cancelled' };
    }
    try {
      // Whoever takes a container away may have done so because it is not wanted any more.
      await this.watch.check(id);
    } catch (unwanted) {
      if (!(unwanted instanceof ExecutionUnwantedError)) throw unwanted;
      return this.explain(id, unwanted, { writer, take: () => undefined });
    }
    const outcome = outcomeOfError(error);
    if (outcome.status === 'failed' && outcome.failure.code === 'internal_error') {
      const { message, stack = '' } = error as Error;
      this.logger.error(writer.redact(`running ${id}: ${message}`), writer.redact(stack));
    }
    return outcome;
  }
}

/** What another worker, or a later moment, can still bring to a good end. */
function isForLater(error: unknown): boolean {
  return isDatabaseError(error) || LATER.some((kind) => error instanceof kind);
}
