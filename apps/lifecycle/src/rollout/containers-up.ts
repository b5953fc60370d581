import { type DeploymentEntity } from '@nexos/database';
import { APP_CONTAINER, DeploymentFailure, lateContainers } from '@nexos/domain';
import { DeploymentServices } from '@nexos/engine';
import { type Container, containersOf } from '@nexos/settings';
import { type Hostnames } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { RelaysOfServices } from '../ingress/ingress-routes.js';
import type { ReconcileContext } from '../reconcile/reconcile-context.js';
import { ContainerFailure } from './container-failure.js';
import { HealthWait } from './health-wait.js';

/** Starts one container, without waiting for it to come up. */
export type StartContainer = (container: Container) => Promise<void>;

/** Brings the containers of a version up, in the order of their dependencies. */
@Injectable()
export class ContainersUp {
  constructor(
    private readonly health: HealthWait,
    private readonly services: DeploymentServices,
  ) {}

  /**
   * Starts each container once all that it depends on are up, those that may not overlap with their predecessors last.
   * When one fails, waits for none of the others.
   *
   * @param hostnames the host names of public containers, which their health checks get
   * @param moves how often the version has been moved once they are up
   * @returns once all are up: the relays through which the ingress reaches them
   * @throws {DeploymentFailure} when one does not come up, naming it if there are several
   * @throws {IngressUnavailableError} when one runs, but the ingress never got its address
   * @throws {RolloutSupersededError} when the rollout is superseded
   */
  async bringUp(
    context: Omit<ReconcileContext, 'lease'>,
    deployment: DeploymentEntity,
    hostnames: Hostnames,
    start: StartContainer,
    moves = deployment.moves,
  ): Promise<RelaysOfServices> {
    const containers = containersOf(deployment.settings);
    const failed = new AbortController();
    const signal = AbortSignal.any([context.signal, failed.signal]);
    const relays = new Map<string, string | null>();
    const run = async (container: Container) => {
      signal.throwIfAborted();
      await start(container);
      const service = this.services.nameOf({ deploymentId: deployment.id, moves, index: container.index });
      const host =
        hostnames.get(container.name) ?? hostnames.get(APP_CONTAINER) ?? context.environment.hostname;
      const target = { container, service, host };
      relays.set(service, await this.health.untilHealthy({ ...context, signal }, deployment, target));
    };
    try {
      await inOrder(containers, run, (error) => failed.abort(error));
    } catch (error) {
      context.signal.throwIfAborted();
      throw error;
    }
    return relays;
  }
}

/**
 * Runs work for each container, after that for those it depends on. Resolves when everything has ended.
 *
 * @param onError called with the first error, which is also thrown
 */
async function inOrder(
  containers: readonly Container[],
  run: (container: Container) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  const late = lateContainers(containers);
  const begun = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const begin = (container: Container, before: readonly Promise<void>[]): Promise<void> => {
    const known = begun.get(container.name);
    if (known !== undefined) return known;
    const others = containers.filter(({ name }) => container.depends_on.includes(name));
    const work = Promise.all([...before, ...others.map((other) => begin(other, before))])
      .then(() => run(container))
      .catch((error: unknown) => {
        const named = containers.length > 1 ? withName(container, error) : error;
        if (failures.push(named) === 1) onError(named);
        throw named;
      });
    begun.set(container.name, work);
    return work;
  };
  const early = containers.filter(({ name }) => !late.has(name)).map((container) => begin(container, []));
  const all = [...early, ...containers.map((container) => begin(container, early))];
  await Promise.allSettled(all);
  if (failures.length > 0) throw failures[0];
}

function withName({ name }: Container, error: unknown): unknown {
  const isUnnamed = error instanceof DeploymentFailure && !(error instanceof ContainerFailure);
  return isUnnamed ? new ContainerFailure(name, error) : error;
}
