import { loadConfig } from '@nexos/config';
import { newId } from '@nexos/domain';
import { bridgeName } from '@nexos/engine';
import { type INestApplicationContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type Docker from 'dockerode';
import { AGENT_CONFIG } from '../../../apps/agent/src/agent.config.js';
import { AgentModule } from '../../../apps/agent/src/agent.module.js';
import { eventually } from '../../support/eventually.js';
import {
  BASE_IMAGE,
  INSTANCE,
  nextTestSubnet,
  rawEngine,
  removeLeftovers,
} from '../engine/engine-fixture.js';
import { IngressFixture } from '../ingress/ingress-fixture.js';

export interface TaskOptions {
  readonly command?: readonly string[];
  readonly network?: string;
  readonly labels?: Record<string, string>;
}

/** HAProxy, an agent, and a project with a bridge. */
export class AgentStage {
  readonly docker = rawEngine();
  agent: INestApplicationContext | undefined;
  projectId = newId('project');

  private constructor(readonly ingress: IngressFixture) {}

  static async start(): Promise<AgentStage> {
    await removeLeftovers();
    return new AgentStage(await IngressFixture.start());
  }

  /** Begins with a project of its own. */
  async begin(): Promise<void> {
    this.projectId = newId('project');
    await this.createBridge();
  }

  /** Stops the agent, and removes everything but HAProxy. */
  async end(): Promise<void> {
    await this.stopAgent();
    await removeLeftovers();
  }

  async stop(): Promise<void> {
    await this.ingress.stop();
    await removeLeftovers();
  }

  get bridge(): string {
    return bridgeName(INSTANCE, this.projectId);
  }

  async createBridge(): Promise<void> {
    await this.docker.createNetwork({
      Name: this.bridge,
      IPAM: { Config: [{ Subnet: await nextTestSubnet() }] },
      Labels: { 'dev.nexos.instance': INSTANCE },
    });
  }

  async startAgent(logger: LoggerService | false = false): Promise<void> {
    const env = { ...process.env, NEXOS_INSTANCE: INSTANCE, INGRESS_SOCKET_DIR: this.ingress.socketDir };
    const config = loadConfig(AGENT_CONFIG, env);
    this.agent = await NestFactory.createApplicationContext(AgentModule.forRoot(config), { logger });
  }

  async stopAgent(): Promise<void> {
    await this.agent?.close();
    this.agent = undefined;
  }

  /** Creates a container as Swarm would for a task of the service. */
  createTask(service: string, options: TaskOptions = {}): Promise<Docker.Container> {
    const {
      command = ['sleep', '60'],
      network = 'bridge',
      labels = { 'dev.nexos.bridge': 'true' },
    } = options;
    return this.docker.createContainer({
      name: `${service}.1.${newId('deployment').slice(4)}`,
      Image: BASE_IMAGE,
      Cmd: [...command],
      Labels: { 'dev.nexos.instance': INSTANCE, 'dev.nexos.project': this.projectId, ...labels },
      HostConfig: { Init: true, NetworkMode: network },
    });
  }

  async startTask(service: string, options: TaskOptions = {}): Promise<Docker.Container> {
    const container = await this.createTask(service, options);
    await container.start();
    return container;
  }

  /** Returns the address of a running container on the bridge of its project. */
  async addressOf(container: Docker.Container): Promise<string | undefined> {
    const { NetworkSettings: network } = await container.inspect();
    return network.Networks[this.bridge]?.IPAddress;
  }

  /** Waits until the map holds exactly the addresses of these containers, which have some. */
  async untilMapIs(containers: Record<string, Docker.Container>): Promise<void> {
    let seen: unknown;
    await eventually(
      'the addresses',
      async () => {
        const expected: [string, string][] = [];
        for (const [service, container] of Object.entries(containers)) {
          expected.push([service, (await this.addressOf(container)) ?? 'none']);
        }
        const map = [...(await this.ingress.addresses.read())].sort();
        seen = { map, expected };
        return JSON.stringify(map) === JSON.stringify(expected.sort()) || undefined;
      },
      { deadlineMs: 10_000, everyMs: 20, seen: () => seen },
    );
  }
}
