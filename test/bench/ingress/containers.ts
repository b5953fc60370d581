import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { countSubnets, overlap, subnetAt } from '@nexos/domain';
import { bridgeName } from '@nexos/engine';
import type Docker from 'dockerode';
import { eventually } from '../../support/eventually.js';

/** The default of INGRESS_ADDRESS_POOL. */
const POOL = '10.64.0.0/12';
const SIMULTANEOUS = 4;
const APP_CONFIG = fileURLToPath(new URL('app.cfg', import.meta.url));
const STATIC_CONFIG = fileURLToPath(new URL('static.cfg', import.meta.url));

/** A container of an app, on its project's bridge. */
export interface AppContainer {
  readonly id: string;
  readonly address: string;
}

/** The containers and networks of the bench, which all have the label of its installation. */
export class BenchContainers {
  private readonly labels: Record<string, string>;

  constructor(
    private readonly docker: Docker,
    private readonly instance: string,
    private readonly image: string,
  ) {
    this.labels = { 'dev.nexos.instance': instance };
  }

  /** Creates the bridge of each project. */
  async createBridges(projectIds: readonly string[]): Promise<void> {
    const taken = (await this.docker.listNetworks()).flatMap(({ IPAM }) => IPAM?.Config ?? []);
    const all = Array.from({ length: countSubnets(POOL) }, (_, number) => subnetAt(POOL, number));
    const free = all.filter((subnet) => !taken.some(({ Subnet = '' }) => overlap(Subnet, subnet)));
    // Others may be taking subnets too, so it does not begin at the first.
    let next = randomInt(free.length);
    const left = [...projectIds];
    const create = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        await this.docker.createNetwork({
          Name: bridgeName(this.instance, id),
          IPAM: { Config: [{ Subnet: free[next++ % free.length] ?? '' }] },
          Options: { 'com.docker.network.bridge.enable_icc': 'false' },
          Labels: this.labels,
        });
      }
    };
    await Promise.all(Array.from({ length: SIMULTANEOUS }, create));
  }

  /** Starts a container that answers every request with the text. */
  async startApp(projectId: string, text: string): Promise<AppContainer> {
    const bridge = bridgeName(this.instance, projectId);
    const container = await this.docker.createContainer({
      Image: this.image,
      Cmd: ['haproxy', '-f', '/app.cfg'],
      Env: [`VERSION=${text}`],
      Labels: this.labels,
      HostConfig: { NetworkMode: bridge, Binds: [`${APP_CONFIG}:/app.cfg:ro`] },
    });
    await container.start();
    const { NetworkSettings: network } = await container.inspect();
    return { id: container.id, address: network.Networks[bridge]?.IPAddress ?? '' };
  }

  /** Starts an HAProxy that passes all requests on to one app, and returns its id. */
  async startStatic(port: number, app: AppContainer, closes: boolean): Promise<string> {
    const container = await this.docker.createContainer({
      Image: this.image,
      Cmd: ['haproxy', '-f', '/static.cfg'],
      Env: [`BIND=127.0.0.1:${port}`, `APP=${app.address}:3000`, `CLOSE=${closes}`],
      Labels: this.labels,
      HostConfig: { NetworkMode: 'host', Binds: [`${STATIC_CONFIG}:/static.cfg:ro`] },
    });
    await container.start();
    const isUp = () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    await eventually('the static HAProxy to answer', isUp);
    return container.id;
  }

  /** Returns the nanoseconds of CPU that a container has used. */
  async cpuOf(id: string): Promise<number> {
    const stats = await this.docker.getContainer(id).stats({ stream: false, 'one-shot': true });
    return stats.cpu_stats.cpu_usage.total_usage;
  }
}
