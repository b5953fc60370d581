import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigModule, IngressConfig, loadConfig } from '@nexos/config';
import {
  IngressMap,
  IngressModule,
  IngressProbe,
  IngressTunnel,
  IngressUsage,
  mapTarget,
} from '@nexos/ingress';
import { Test, type TestingModule } from '@nestjs/testing';
import Docker from 'dockerode';
import { eventually, LABELS, removeLeftovers, removeOwn } from './cleanup.js';

const HAPROXY_IMAGE = process.env.HAPROXY_IMAGE ?? 'nexos-local/haproxy';
const NODE_IMAGE = process.env.NODE_IMAGE ?? 'nexos-local/node';
const CONFIG_FOLDER = fileURLToPath(new URL('../../../docker/haproxy', import.meta.url));
const APP = new URL('echo-app.mjs', import.meta.url);
export const APP_PORT = 3000;

/** Returns the map's target for a service of the echo app. */
export const targetOf = (service = '', requestTimeoutMs = 10_000) =>
  mapTarget(service, APP_PORT, requestTimeoutMs);

/** One HAProxy with the real configuration on its own networks, and the library that talks to it. */
export class IngressFixture {
  private constructor(
    readonly docker: Docker,
    readonly socketDir: string,
    readonly port: number,
    readonly container: Docker.Container,
    private readonly edge: string,
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
    await docker.createNetwork({ Name: edge, Labels: LABELS });
    const container = await docker.createContainer({
      name: unique('haproxy'),
      Image: HAPROXY_IMAGE,
      User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
      Labels: LABELS,
      StopSignal: 'SIGTERM',
      Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
      Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ExposedPorts: { '8080/tcp': {} },
      HostConfig: {
        NetworkMode: edge,
        CapDrop: ['ALL'],
        ...(maxFiles === undefined ? {} : { Ulimits: [{ Name: 'nofile', Soft: maxFiles, Hard: maxFiles }] }),
        PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
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
    return fixture;
  }

  get map(): IngressMap {
    return this.module.get(IngressMap);
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

  /** Starts a container of the app under the DNS name that Swarm gives the tasks of that service. */
  async startApp(service: string, version: string): Promise<void> {
    await this.startContainer(service, {
      Image: this.nodeImageId,
      Cmd: ['node', '--input-type=module', '-e', this.appSource],
      Env: [`VERSION=${version}`, `PORT=${APP_PORT}`],
    });
    await this.untilAnswered(service);
  }

  /** Starts any container under the DNS name that Swarm gives the tasks of that service. */
  async startContainer(
    service: string,
    options: Pick<Docker.ContainerCreateOptions, 'Image' | 'Entrypoint' | 'Cmd' | 'Env'>,
  ): Promise<Docker.Container> {
    const container = await this.docker.createContainer({
      ...options,
      Labels: LABELS,
      HostConfig: { NetworkMode: this.edge },
      NetworkingConfig: { EndpointsConfig: { [this.edge]: { Aliases: [`tasks.${service}`] } } },
    });
    await container.start();
    return container;
  }

  /** Creates an overlay network like that of a project, and connects HAProxy to it. */
  async createOverlay(): Promise<string> {
    const name = unique('overlay');
    const network = await this.docker.createNetwork({
      Name: name,
      Driver: 'overlay',
      Attachable: true,
      Labels: LABELS,
    });
    await network.connect({ Container: this.container.id });
    return name;
  }

  /** Creates a Swarm service of the app, and returns its name without waiting for its tasks. */
  async createService(network: string, version: string): Promise<string> {
    const name = unique('app');
    await this.docker.createService({
      Name: name,
      Labels: LABELS,
      TaskTemplate: {
        ContainerSpec: {
          Image: this.nodeImageId,
          Command: ['node', '--input-type=module', '-e', this.appSource],
          Env: [`VERSION=${version}`, `PORT=${APP_PORT}`],
          StopGracePeriod: 1_000_000_000,
        },
        RestartPolicy: { Condition: 'any', Delay: 0 },
        Networks: [{ Target: network }],
      },
      Mode: { Replicated: { Replicas: 1 } },
      EndpointSpec: { Mode: 'dnsrr' },
    });
    return name;
  }

  /** Waits until the service's app answers through HAProxy. */
  async untilAnswered(service: string): Promise<void> {
    await eventually(`${service} answers`, async () => {
      const result = await this.probe.probe({
        service,
        port: APP_PORT,
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
