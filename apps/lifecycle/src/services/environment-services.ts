import { faultPoint } from '@nexos/config';
import { UnsealError } from '@nexos/crypto';
import { type EnvironmentEntity } from '@nexos/database';
import { EnvironmentServicesRepository, ProjectServicesRepository } from '@nexos/state';
import { DeploymentFailure, type ServiceKind } from '@nexos/domain';
import { OneOffJobs } from '@nexos/engine';
import { type ServiceCredentials, ServicePasswords } from '@nexos/env-vars';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { type DeploymentContext, heldBy, type ReconcileContext } from '../reconcile/reconcile-context.js';
import { isRetryForRoom } from '../reconcile/is-retry-for-room.js';
import { PostgresRecipe } from './postgres.recipe.js';
import { ProjectServices, type ServiceConnection } from './project-services.js';
import { ServiceJobs, type ServicePlace } from './service-jobs.js';
import type { DatabaseSwap, ServiceJob } from './service-recipe.js';
import { ServiceRecipes } from './service-recipes.js';

/**
 * Manages an environment's parts (database, Redis user and so on) of the services that its project's environments
 * share.
 */
@Injectable()
export class EnvironmentServices {
  constructor(
    private readonly projectRows: ProjectServicesRepository,
    private readonly environmentRows: EnvironmentServicesRepository,
    private readonly passwords: ServicePasswords,
    private readonly recipes: ServiceRecipes,
    private readonly services: ProjectServices,
    private readonly postgres: PostgresRecipe,
    private readonly jobs: ServiceJobs,
    private readonly oneOffJobs: OneOffJobs,
  ) {}

  /**
   * Ensures that services run and have a part for the environment. Its network must exist.
   *
   * @param context with the deployment that is rolled out. Without one, or with the live one, a version restarts, and its
   *   services start with the data that they have
   * @param services what the deployment asks for; reserved before (`ServicePasswords.reserve`)
   * @returns their variables for the environment's app
   * @throws {DeploymentFailure} `service_not_ready`
   */
  async provide(
    context: ReconcileContext | DeploymentContext,
    services: DeploymentSettings['services'],
  ): Promise<Record<string, string>> {
    const { environment } = context;
    const isRestart = !('deployment' in context) || context.deployment.id === environment.liveDeploymentId;
    // Swarm starts by itself what waited for room, so that it may not answer yet.
    const isRetry = isRetryForRoom(environment);
    const found = await this.partsOf(environment, this.recipes.wanted(services));
    const parts = found.map((part) => {
      const service = services[part.recipe.kind];
      return { ...part, version: service === false ? undefined : service.version, isRestart };
    });
    const places = await this.services.start(environment.projectId, parts, context.signal);
    await Promise.all(
      parts.map(async (part) => {
        const place = places.get(part.recipe.kind);
        if (place === undefined) return;
        if (!part.credentials.isProvisioned) await this.provision(context, part, place);
        else if (place.isStarted || isRetry) await this.waitReady(context, part, place);
      }),
    );
    return variablesOf(parts);
  }

  /**
   * Ensures that a version's services run, for a command that uses them. Leaves the environment's parts unchanged,
   * so that the environment's lease is not needed.
   *
   * @returns their variables for the environment's app
   * @throws {DeploymentFailure} `service_not_ready`
   */
  async ensureRunning(
    context: ReconcileContext & { executionId: string },
    kinds: readonly ServiceKind[],
  ): Promise<Record<string, string>> {
    const { environment } = context;
    const parts = await this.partsOf(environment, kinds);
    const isThere = (kind: ServiceKind) =>
      parts.some(({ recipe, credentials }) => recipe.kind === kind && credentials.isProvisioned);
    const missing = kinds.find((kind) => !isThere(kind));
    if (missing !== undefined) {
      const title = this.recipes.find(missing)?.title ?? missing;
      const message =
        environment.liveDeploymentId === null
          ? `${title} has never started in this environment. Deploy again.`
          : `${title} is not ready yet. Try again in a moment.`;
      throw new DeploymentFailure('service_not_ready', message);
    }
    const places = await this.services.start(environment.projectId, parts, context.signal);
    for (const part of parts) {
      const place = places.get(part.recipe.kind);
      if (place?.isStarted === true) await this.waitReady(context, part, place);
    }
    return variablesOf(parts);
  }

  /** Returns whether all of these services are already scaled up. */
  areUp(projectId: string, kinds: readonly ServiceKind[]): Promise<boolean> {
    return this.services.areUp(projectId, kinds);
  }

  /** Returns the services' variables for the environment's app, whether or not they run. */
  async variables(
    environment: EnvironmentEntity,
    kinds: readonly ServiceKind[],
  ): Promise<Record<string, string>> {
    return variablesOf(await this.partsOf(environment, kinds));
  }

  /**
   * Keeps the environment's database as a backup and replaces it with an empty or an older one.
   *
   * @returns false when it has no database
   * @throws {DeploymentFailure} `service_not_ready`
   */
  async swapDatabase(context: ReconcileContext, swap: DatabaseSwap): Promise<boolean> {
    return this.onDatabase(context, `swap-${swap.backedUp}`, (credentials) =>
      this.postgres.swap(credentials, swap),
    );
  }

  /** Drops the backup of a generation. */
  async dropDatabase(context: ReconcileContext, generation: number): Promise<void> {
    await this.onDatabase(context, `drop-${generation}`, (credentials) =>
      this.postgres.dropBackup(credentials, generation),
    );
  }

  /**
   * Removes a destroyed environment's parts of its project's services. With the last environments, removes the services
   * and their volumes.
   *
   * @returns false when all environments are being destroyed and another one's app is still stopping; call again later
   */
  async deprovision(context: ReconcileContext): Promise<boolean> {
    const { environment, lease, signal } = context;
    const { projectId } = environment;
    await this.oneOffJobs.removeAll({ environmentId: environment.id }, lease.guard, signal);
    if ((await this.projectRows.ofProject(projectId)).length === 0) return true;
    const siblings = await this.services.removeIfLast(projectId, environment.id, signal);
    if (siblings !== 'stay') return siblings !== 'stopping';
    // Parts on a node that has left the Swarm are already lost.
    const lost = await this.services.findLost(projectId);
    const kinds = (await this.kindsOf(environment)).filter((kind) => !lost.includes(kind));
    const parts = await this.partsIn(context, kinds);
    const places = await this.services.start(projectId, parts, signal);
    for (const { recipe, credentials } of parts) {
      const place = places.get(recipe.kind);
      if (place === undefined) continue;
      await this.jobs.run(recipe, recipe.deprovision(credentials), {
        ...context,
        place,
        run: 'deprovision',
      });
      faultPoint('destroy.service-deprovisioned');
    }
    faultPoint('destroy.all-deprovisioned');
    await this.environmentRows.forget(environment.id);
    faultPoint('destroy.parts-forgotten');
    await this.services.stopIfUnused(projectId, signal);
    return true;
  }

  /**
   * Returns the parts that the environment may have. Removes a service that never came up instead of starting it for
   * them.
   */
  private async partsIn(
    context: ReconcileContext,
    kinds: readonly ServiceKind[],
  ): Promise<ServiceConnection[]> {
    const parts: ServiceConnection[] = [];
    for (const part of await this.partsOf(context.environment, kinds)) {
      const isThere = part.credentials.isProvisioned;
      if (isThere || !(await this.services.removeUnused(context, part.recipe.kind))) parts.push(part);
    }
    return parts;
  }

  private async onDatabase(
    context: ReconcileContext,
    run: string,
    jobFor: (credentials: ServiceCredentials) => ServiceJob,
  ): Promise<boolean> {
    const { environment } = context;
    const [part] = await this.partsOf(environment, ['postgres']);
    if (part === undefined) return false;
    const place = (await this.services.start(environment.projectId, [part], context.signal)).get('postgres');
    if (place === undefined) return false;
    await this.jobs.run(part.recipe, jobFor(part.credentials), { ...context, place, run });
    return true;
  }

  private async partsOf(
    environment: EnvironmentEntity,
    kinds: readonly ServiceKind[],
  ): Promise<ServiceConnection[]> {
    if (kinds.length === 0) return [];
    const all = await this.open(environment);
    return all.flatMap((credentials) => {
      const recipe = this.recipes.find(credentials.kind);
      return recipe !== undefined && kinds.includes(credentials.kind) ? [{ recipe, credentials }] : [];
    });
  }

  private async kindsOf(environment: EnvironmentEntity): Promise<ServiceKind[]> {
    const parts = await this.environmentRows.ofEnvironment(environment.id);
    return parts.map(({ kind }) => kind);
  }

  private async open(environment: EnvironmentEntity): Promise<ServiceCredentials[]> {
    try {
      return await this.passwords.open(environment);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      throw new DeploymentFailure(
        'secrets_unreadable',
        "The passwords of the project's services cannot be decrypted. Tell the operator that an encryption key is missing.",
        { cause: error },
      );
    }
  }

  private async provision(
    context: ReconcileContext,
    { recipe, credentials }: ServiceConnection,
    place: ServicePlace,
  ): Promise<void> {
    const job = await recipe.provision(credentials);
    try {
      await this.jobs.run(recipe, job, { ...context, place, run: 'provision' });
    } catch (error) {
      if (error instanceof DeploymentFailure) await this.services.removeUnused(context, recipe.kind);
      throw error;
    }
    faultPoint('rollout.provisioned');
    const isRecorded = await this.environmentRows.recordProvisioned(heldBy(context), recipe.kind);
    if (!isRecorded) await context.lease.guard();
    faultPoint('rollout.provisioning-recorded');
  }

  private async waitReady(
    context: ReconcileContext & { executionId?: string },
    { recipe, credentials }: ServiceConnection,
    place: ServicePlace,
  ): Promise<void> {
    await this.jobs.run(recipe, recipe.waitReady(credentials), { ...context, place, run: 'wait-ready' });
  }
}

function variablesOf(parts: readonly ServiceConnection[]): Record<string, string> {
  return Object.assign(
    {},
    ...parts.map(({ recipe, credentials }) => recipe.variables(credentials)),
  ) as Record<string, string>;
}
