import { EngineConfig } from '@nexos/config';
import { type EnvironmentEntity } from '@nexos/database';
import { haveRoomFor, type Reservation } from '@nexos/domain';
import { reservedBy, sharedServiceName, SharedServices, SwarmCapacity } from '@nexos/engine';
import { type DeploymentSettings } from '@nexos/settings';
import { ProjectServicesRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { isRetryForRoom } from '../reconcile/is-retry-for-room.js';
import { isWaitingForRoom, noRoom } from './service-jobs.js';
import { ServiceRecipes } from './service-recipes.js';

/** Looks for room for a project's services before something starts them that found none. */
@Injectable()
export class ServiceRoom {
  constructor(
    private readonly rows: ProjectServicesRepository,
    private readonly recipes: ServiceRecipes,
    private readonly shared: SharedServices,
    private readonly swarm: SwarmCapacity,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Looks once, if this is a further attempt after one that found no room: a worker that waited for a service in each of
   * many attempts would keep others waiting. Does nothing in a first attempt, which waits.
   *
   * @throws {DeploymentFailure} `no_capacity`
   */
  async lookBeforeRetry(
    environment: Pick<EnvironmentEntity, 'projectId' | 'failureCode' | 'failedGeneration' | 'generation'>,
    wanted: DeploymentSettings['services'],
  ): Promise<void> {
    if (!isRetryForRoom(environment)) return;
    const { projectId } = environment;
    const places = await this.rows.ofProject(projectId);
    const services = await this.shared.listForProject(projectId);
    const stopped: { readonly title: string; readonly reservation: Reservation }[] = [];
    for (const kind of this.recipes.wanted(wanted)) {
      const recipe = this.recipes.find(kind);
      const nodeId = places.find((place) => place.kind === kind)?.nodeId ?? null;
      // One that has no node yet is refused, or placed, when it starts.
      if (recipe === undefined || nodeId === null) continue;
      const isUp = services.some((service) => service.kind === kind && service.replicas > 0);
      if (isUp) {
        const [newest] = await this.shared.tasks(sharedServiceName(this.config.instance, projectId, kind));
        if (isWaitingForRoom(newest)) throw noRoom(recipe.title);
        continue;
      }
      const { memoryMb } = recipe.container('');
      stopped.push({ title: recipe.title, reservation: { ...reservedBy({ cpu: 0, memoryMb }), nodeId } });
    }
    if (stopped.length === 0) return;
    const { nodes, waiting } = await this.swarm.read(() => false);
    // One whose node is gone or down fails when it starts, which says so.
    const missing = stopped.filter(({ reservation }) =>
      nodes.some(({ nodeId }) => nodeId === reservation.nodeId),
    );
    const [first] = missing;
    if (first === undefined) return;
    const wantedRoom = missing.map(({ reservation }) => reservation);
    if (!haveRoomFor(wantedRoom, nodes, waiting)) throw noRoom(first.title);
  }
}
