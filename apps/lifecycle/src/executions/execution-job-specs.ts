import { type DeploymentEntity, type EnvironmentEntity, type ExecutionEntity } from '@nexos/database';
import { DeploymentsRepository, EnvironmentsRepository, ProjectServicesRepository } from '@nexos/state';
import { DeploymentFailure, executionArgv, ExecutionFailure, executionImage } from '@nexos/domain';
import { type OneOffJobSpec, type OneOffRun } from '@nexos/engine';
import { type DecryptedVariables } from '@nexos/env-vars';
import { Injectable } from '@nestjs/common';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { ContainerVariables } from '../rollout/container-variables.js';
import { EnvironmentServices } from '../services/environment-services.js';
import { ServiceRecipes } from '../services/service-recipes.js';
import { ExecutionCancelledError } from './execution-watch.js';

/** Time for a container to start; its image is already on the node. */
const START_MS = 60_000;
const STOP_GRACE_SECONDS = 5;

/** The environment that a command runs in, and its live version. */
export interface ExecutionTarget {
  readonly environment: EnvironmentEntity;
  readonly deployment: DeploymentEntity;
}

/** Builds the job specs of executions. */
@Injectable()
export class ExecutionJobSpecs {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly deployments: DeploymentsRepository,
    private readonly projectServices: ProjectServicesRepository,
    private readonly containerVariables: ContainerVariables,
    private readonly services: EnvironmentServices,
    private readonly recipes: ServiceRecipes,
  ) {}

  /** @throws {ExecutionCancelledError} when no version is live */
  async targetOf(execution: ExecutionEntity): Promise<ExecutionTarget> {
    const environment = await this.environments.get(execution.environmentId);
    const id = execution.deploymentId ?? environment.liveDeploymentId;
    if (id === null) throw new ExecutionCancelledError('environment');
    return { environment, deployment: await this.deployments.get(id) };
  }

  /** @throws {DeploymentFailure} `secrets_unreadable` */
  async variablesOf({ environment }: ExecutionTarget): Promise<DecryptedVariables> {
    const variables = await this.containerVariables.read(environment);
    if (variables instanceof DeploymentFailure) throw variables;
    return variables;
  }

  /** Identifies an execution's job, for whichever worker handles it. */
  runOf({ id, timeoutSeconds }: ExecutionEntity): OneOffRun {
    return { ownerId: id, kind: 'run', run: 'command', timeoutMs: timeoutSeconds * 1_000, startMs: START_MS };
  }

  /**
   * Ensures that the services run, and returns the job for the command.
   *
   * @throws {DeploymentFailure} when a service does not come up
   */
  async specFor(
    execution: ExecutionEntity,
    target: ExecutionTarget,
    variables: DecryptedVariables,
    held: Pick<ReconcileContext, 'lease' | 'signal'>,
  ): Promise<OneOffJobSpec> {
    const { environment, deployment } = target;
    const kinds = this.recipes.wanted(deployment.settings.services);
    const context = { environment, ...held, executionId: execution.id };
    const serviceVariables = await this.services.ensureRunning(context, kinds);
    const env = this.containerVariables.environmentOf(environment, deployment, variables, serviceVariables);
    return {
      ...this.runOf(execution),
      ...(await this.imageFor(execution, target)),
      owner: { projectId: environment.projectId, environmentId: environment.id, executionId: execution.id },
      command: executionArgv(execution.command, (name) => Object.hasOwn(env, name)).argv,
      env,
      cpu: deployment.settings.cpu,
      memoryMb: deployment.settings.memory_mb,
      stopGraceSeconds: STOP_GRACE_SECONDS,
    };
  }

  /**
   * Uses a service's image for its own programs when the version has that service, and the version's image otherwise.
   */
  private async imageFor(
    { command }: ExecutionEntity,
    { deployment }: ExecutionTarget,
  ): Promise<{ image: string; nodeId?: string }> {
    const wanted = executionImage(command);
    if (wanted !== 'app' && deployment.settings.services[wanted] !== false) {
      const services = await this.projectServices.ofProject(deployment.projectId);
      const service = services.find(({ kind }) => kind === wanted);
      if (service?.imageId && service.nodeId) return { image: service.imageId, nodeId: service.nodeId };
    }
    const { imageId: image, imageNodeId: nodeId } = deployment;
    if (image === null) {
      throw new ExecutionFailure(
        'image_missing',
        'The live version has no image. Deploy again to build one.',
      );
    }
    return { image, ...(nodeId !== null && { nodeId }) };
  }
}
