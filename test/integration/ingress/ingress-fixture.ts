import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigModule, IngressConfig, loadConfig } from '@nexos/config';
import {
  AddressMap,
  HoldMap,
  IngressMap,
  IngressModule,
  IngressProbe,
  IngressTunnel,
  IngressUsage,
  mapTarget,
  relayConfig,
  VersionMap,
} from '@nexos/ingress';
import { countSubnets, subnetAt } from '@nexos/domain';
import { Test, type TestingModule } from '@nestjs/testing';
import Docker from 'dockerode';
import { eventually, LABELS, removeLeftovers, removeOwn } from './cleanup.js';

const HAPROXY_IMAGE = process.env.HAPROXY_IMAGE ?? 'nexos-local/haproxy';
const NODE_IMAGE = process.env.NODE_IMAGE ?? 'nexos-local/node';
const CONFIG_FOLDER = fileURLToPath(new URL('../../../docker/haproxy', import.meta.url));
const APP = new URL('echo-app.mjs', import.meta.url);
export const APP_PORT = 3000;
/** The block of the bridges of these tests. */
const POOL = '10.96.0.0/13';

/** Returns the map's target for a service of the echo app. */
export const targetOf = (service = '', requestTimeoutMs = 10_000) =>
  mapTarget({ service, port: APP_PORT, relay: null }, requestTimeoutMs);

/** One HAProxy with the real configuration on its own networks, and the library that talks to it. */
export class IngressFixture {
  private constructor(
    readonly docker: Docker,
    readonly socketDir: string,
    readonly port: number,
    readonly container: Docker.Container,
    readonly edge: string,
    private readonly module: TestingModule,
    private readonly nodeImageId: string,
    private readonly appSource: string,
  ) {}

  /**
   * @param variables the environment of HAProxy
   * @param maxFiles its limit of file descriptors; the engine's by default
   */
  static async start(
    variables: Readonly<Record<string, string>> = {},
    maxFiles?: number,
  ): Promise<IngressFixture> {
    const docker = new Docker();
    await removeLeftovers(docker);
    const socketDir = await mkdtemp(join(tmpdir(), 'nexos-ingress-'));
    const port = await freePort();
    const edge = unique('edge');
    await createBridge(docker, edge);
    const container = await docker.createContainer({
      name: unique('haproxy'),
      Image: HAPROXY_IMAGE,
      User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      Labels: LABELS,
      StopSignal: 'SIGTERM',
      Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
      Env: [
        `INGRESS_BIND=127.0.0.1:${port}`,
        `INGRESS_ADDRESS_POOL=${POOL}`,
        ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ],
      HostConfig: {
        NetworkMode: 'host',
        CapDrop: ['ALL'],
        ...(maxFiles === undefined ? {} : { Ulimits: [{ Name: 'nofile', Soft: maxFiles, Hard: maxFiles }] }),
        Binds: [`${CONFIG_FOLDER}:/usr/local/etc/haproxy:ro`, `${socketDir}:/run/nexos`],
      },
    });
    await container.start();
    const { config } = loadConfig({ config: IngressConfig }, { INGRESS_SOCKET_DIR: socketDir });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ config }), IngressModule.forRoot(config)],
    }).compile();
    const image = await docker.getImage(NODE_IMAGE).inspect();
    const source = await readFile(APP, 'utf8');
    const fixture = new IngressFixture(docker, socketDir, port, container, edge, module, image.Id, source);
    await fixture.untilUp();
    await fixture.map.replaceAll(new Map());
    return fixture;
  }

  get map(): IngressMap {
    return this.module.get(IngressMap);
  }

  get versions(): VersionMap {
    return this.module.get(VersionMap);
  }

  get addresses(): AddressMap {
    return this.module.get(AddressMap);
  }

  get holds(): HoldMap {
    return this.module.get(HoldMap);
  }

  get probe(): IngressProbe {
    return this.module.get(IngressProbe);
  }

  get tunnel(): IngressTunnel {
    return this.module.get(IngressTunnel);
  }

  get usage(): IngressUsage {
    return this.module.get(IngressUsage);
  }

  /** Waits until HAProxy answers on its runtime socket. */
  async untilUp(): Promise<string> {
    return eventually('HAProxy is up', () => this.map.identity().catch(() => undefined));
  }

  /** Starts a container of the app, and publishes its address as that of the service. */
  async startApp(service: string, version: string): Promise<Docker.Container> {
    const container = await this.startContainerOf(service, version);
    await this.untilAnswered(service);
    return container;
  }

  /** Does the same without waiting for the app to answer. */
  startContainerOf(service: string, version: string, port = APP_PORT): Promise<Docker.Container> {
    return this.startContainer(service, this.appOf(version, port));
  }

  private appOf(version: string, port = APP_PORT) {
    return {
      Image: this.nodeImageId,
      Cmd: ['node', '--input-type=module', '-e', this.appSource],
      Env: [`VERSION=${version}`, `PORT=${port}`],
    };
  }

  /** Starts any container, and publishes its address as that of the service. */
  async startContainer(
    service: string,
    options: Pick<Docker.ContainerCreateOptions, 'Image' | 'Entrypoint' | 'Cmd' | 'Env'>,
  ): Promise<Docker.Container> {
    const container = await this.docker.createContainer({
      ...options,
      Labels: LABELS,
      HostConfig: { NetworkMode: this.edge },
    });
    await container.start();
    await this.publish(service, container);
    return container;
  }

  /**
   * Starts a relay in front of a network that the ingress does not reach, and publishes its address.
   *
   * @returns the network, to join under the name `tasks.SERVICE`
   */
  async startRelay(relay: string, instance: string): Promise<string> {
    const network = unique('overlay');
    await createBridge(this.docker, network);
    const { IPAM } = await this.docker.getNetwork(network).inspect();
    const config = relayConfig({ instance, subnet: IPAM?.Config?.[0]?.Subnet ?? '' });
    const container = await this.docker.createContainer({
      Image: HAPROXY_IMAGE,
      Labels: LABELS,
      Entrypoint: ['sh', '-euc', `exec haproxy -db -f /dev/stdin <<'END'\n${config}END`],
      HostConfig: { NetworkMode: this.edge, CapDrop: ['ALL'], ReadonlyRootfs: true },
    });
    await this.docker.getNetwork(network).connect({ Container: container.id });
    await container.start();
    await this.publish(relay, container);
    return network;
  }

  /** Starts a container of the app that only others on its network reach. */
  async startHidden(service: string, version: string, network: string): Promise<Docker.Container> {
    const container = await this.docker.createContainer({
      ...this.appOf(version),
      Labels: LABELS,
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [`tasks.${service}`] } } },
    });
    await container.start();
    return container;
  }

  /** Publishes the current address of a container as that of a service. */
  async publish(service: string, container: Docker.Container): Promise<string> {
    const { NetworkSettings: network } = await container.inspect();
    const address = network.Networks[this.edge]?.IPAddress ?? '';
    await this.addresses.set(service, address);
    return address;
  }

  /** Waits until the service's app answers through HAProxy. */
  async untilAnswered(service: string): Promise<void> {
    await eventually(`${service} answers`, async () => {
      const result = await this.probe.probe({
        service,
        port: APP_PORT,
        relay: null,
        host: 'probe.test',
        path: '/',
        timeoutMs: 2_000,
      });
      return result.kind === 'answered' ? true : undefined;
    });
  }

  async stop(): Promise<void> {
    await this.module.close();
    await removeOwn(this.docker);
    await rm(this.socketDir, { recursive: true });
  }
}

/** Creates a bridge with a free subnet of the pool. */
async function createBridge(docker: Docker, name: string): Promise<void> {
  await eventually('a subnet is free', async () => {
    const config = { Subnet: subnetAt(POOL, randomInt(countSubnets(POOL))) };
    try {
      await docker.createNetwork({ Name: name, IPAM: { Config: [config] }, Labels: LABELS });
      return true;
    } catch (error) {
      if ((error as Error).message.includes('overlaps')) return undefined;
      throw error;
    }
  });
}

function unique(what: string): string {
  return `nexos-test-ingress-${what}-${randomBytes(4).toString('hex')}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
