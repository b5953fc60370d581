import { type DeploymentEntity, type EnvironmentEntity, type ExecutionEntity } from '@nexos/database';
import { DeploymentsRepository, EnvironmentsRepository, ProjectServicesRepository } from '@nexos/state';
import { DeploymentFailure, executionArgv, ExecutionFailure, executionImage } from '@nexos/domain';
import { type OneOffJobSpec, type OneOffRun } from '@nexos/engine';
import { type DecryptedVariables } from '@nexos/env-vars';
import { type Container, containersOf } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { imageOf } from '../rollout/container-image.js';
import { ContainerVariables } from '../rollout/container-variables.js';
import { EnvironmentServices } from '../services/environment-services.js';
import { ServiceRecipes } from '../services/service-recipes.js';
import { ExecutionCancelledError } from './execution-watch.js';

/** Time for a container to start; its image is already on the node. */
const START_MS = 60_000;
const STOP_GRACE_SECONDS = 5;

/** The environment that a command runs in, and its version. */
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

  /**
   * Returns the live version, or where none has gone live, the last one that failed.
   *
   * @throws {ExecutionCancelledError} when the environment has neither
   */
  async targetOf(execution: ExecutionEntity): Promise<ExecutionTarget> {
    const environment = await this.environments.get(execution.environmentId);
    const id =
      execution.deploymentId ??
      environment.liveDeploymentId ??
      (await this.deployments.lastFailedWithImage(environment.id));
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
    const container = this.containerOf(execution, deployment);
    const env = this.containerVariables.environmentOf(
      environment,
      deployment,
      variables,
      serviceVariables,
      container,
    );
    return {
      ...this.runOf(execution),
      ...(await this.imageFor(execution, target, container)),
      ...(deployment.settings.containers.length > 0 && { version: deployment.id }),
      owner: { projectId: environment.projectId, environmentId: environment.id, executionId: execution.id },
      command: executionArgv(execution.command, (name) => Object.hasOwn(env, name)).argv,
      env,
      cpu: container.cpu,
      memoryMb: container.memory_mb,
      stopGraceSeconds: STOP_GRACE_SECONDS,
    };
  }

  /** The version may be another one than when the command was requested. */
  private containerOf({ container: name }: ExecutionEntity, { settings }: DeploymentEntity): Container {
    const container = containersOf(settings).find((one) => one.name === name);
    if (container !== undefined) return container;
    throw new ExecutionFailure('image_missing', `The live version has no container ${name} any more.`);
  }

  /**
   * Uses a service's image for its own programs when the version has that service, and the container's image otherwise.
   */
  private async imageFor(
    { command }: ExecutionEntity,
    { deployment }: ExecutionTarget,
    container: Container,
  ): Promise<{ image: string; nodeId?: string }> {
    const wanted = executionImage(command);
    if (wanted !== 'app' && deployment.settings.services[wanted] !== false) {
      const services = await this.projectServices.ofProject(deployment.projectId);
      const service = services.find(({ kind }) => kind === wanted);
      if (service?.imageId && service.nodeId) return { image: service.imageId, nodeId: service.nodeId };
    }
    const { imageNodeId: nodeId } = deployment;
    const image = imageOf(deployment, container);
    if (image === null) {
      throw new ExecutionFailure(
        'image_missing',
        'The live version has no image. Deploy again to build one.',
      );
    }
    return { image, ...(nodeId !== null && { nodeId }) };
  }
}
