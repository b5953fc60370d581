import { EngineConfig } from '@nexos/config';
import { type Route, RoutesRepository } from '@nexos/state';
import { serviceName } from '@nexos/engine';
import { IngressMap, mapTarget } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';

/**
 * Keeps the ingress's routes equal to the database's. Every change of a route holds the routes lock from before it
 * reads until after it writes.
 */
@Injectable()
export class IngressRoutes {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly map: IngressMap,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** Sets a route. The caller must hold the routes lock. */
  async set(route: Route): Promise<void> {
    await this.map.set(route.hostname, this.targetOf(route));
  }

  /** Removes a route. The caller must hold the routes lock. */
  async remove(hostname: string): Promise<void> {
    await this.map.delete(hostname);
  }

  /** Sets or removes the route of one host name, as the database says. */
  async publish(hostname: string): Promise<void> {
    await this.routes.whileLocked(async () => {
      const route = await this.routes.find(hostname);
      if (route === null) await this.remove(hostname);
      else await this.set(route);
    });
  }

  /** Sets every route and removes all others. */
  async restore(): Promise<void> {
    await this.routes.whileLocked(async () => {
      const routes = await this.routes.all();
      await this.map.replaceAll(new Map(routes.map((route) => [route.hostname, this.targetOf(route)])));
    });
  }

  private targetOf({ deploymentId, moves, port, requestTimeoutSeconds }: Route): string {
    const service = serviceName(this.engineConfig.instance, deploymentId, moves);
    return mapTarget(service, port, requestTimeoutSeconds * 1_000);
  }
}
