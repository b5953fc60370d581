import { EngineConfig } from '@nexos/config';
import { type Route, RoutesRepository } from '@nexos/state';
import { serviceName } from '@nexos/engine';
import { IngressMap } from '@nexos/ingress';
import { Injectable } from '@nestjs/common';

/**
 * Makes the ingress lead where the database says. Whatever changes a route holds the lock of routes from
 * before it reads until after it has written.
 */
@Injectable()
export class IngressRoutes {
  constructor(
    private readonly routes: RoutesRepository,
    private readonly map: IngressMap,
    private readonly engineConfig: EngineConfig,
  ) {}

  /** To be called while the lock of routes is held. */
  async point(route: Route): Promise<void> {
    await this.map.set(route.hostname, this.targetOf(route));
  }

  /** To be called while the lock of routes is held. */
  async takeAway(hostname: string): Promise<void> {
    await this.map.delete(hostname);
  }

  /** Sets, or takes away, the route of one host name. */
  async publish(hostname: string): Promise<void> {
    await this.routes.whileLocked(async () => {
      const route = await this.routes.find(hostname);
      if (route === null) await this.takeAway(hostname);
      else await this.point(route);
    });
  }

  /** Sets every route and takes away what should not be there. */
  async restore(): Promise<void> {
    await this.routes.whileLocked(async () => {
      const routes = await this.routes.all();
      await this.map.replaceAll(new Map(routes.map((route) => [route.hostname, this.targetOf(route)])));
    });
  }

  private targetOf({ deploymentId, port }: Route): string {
    return `${serviceName(this.engineConfig.instance, deploymentId)}:${port}`;
  }
}
