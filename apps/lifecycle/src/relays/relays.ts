import { EngineConfig, IngressConfig } from '@nexos/config';
import {
  DeploymentServices,
  Engine,
  EngineUnavailableError,
  Images,
  ProjectNetworks,
  relayName,
  RelayServices,
} from '@nexos/engine';
import { relayConfig } from '@nexos/ingress';
import { Injectable, Logger } from '@nestjs/common';
import { ProjectNetwork } from '../reconcile/project-network.js';

/** It needs 15 MB when idle, and at most 40 KiB for each request in progress. */
const MEMORY_MB = 192;
const CPU = 1;
/** Longer than its `hard-stop-after`. */
const STOP_GRACE_SECONDS = 15;

/**
 * The relays of projects. The ingress reaches a service directly if that is on the bridge of its project, and otherwise
 * through the project's relay. `RelaySweeper` removes a relay that is no longer needed.
 */
@Injectable()
export class Relays {
  private readonly logger = new Logger(Relays.name);

  constructor(
    private readonly services: DeploymentServices,
    private readonly relays: RelayServices,
    private readonly network: ProjectNetwork,
    private readonly networks: ProjectNetworks,
    private readonly images: Images,
    private readonly engine: Engine,
    private readonly engineConfig: EngineConfig,
    private readonly ingress: IngressConfig,
  ) {}

  /** Returns the relay through which the ingress reaches a service; null when it reaches the service directly. */
  async find(projectId: string, service: string): Promise<string | null> {
    return (await this.services.isOnBridge(service)) ? null : this.nameOf(projectId);
  }

  /**
   * Returns the same, and starts a relay that does not run. Does not wait until it answers. The service must exist, so
   * that nobody removes the relay for want of it.
   */
  async prepare(projectId: string, service: string, signal: AbortSignal): Promise<string | null> {
    const relay = await this.find(projectId, service);
    if (relay !== null) await this.ensure(projectId, signal);
    return relay;
  }

  /** Starts the relay of a project, or replaces one with another image or configuration. */
  async ensure(projectId: string, signal: AbortSignal): Promise<void> {
    await this.network.prepare(projectId, signal);
    const [image, { swarm }, subnet] = await Promise.all([
      this.images.ensure(this.ingress.image, signal),
      this.engine.info(),
      this.networks.subnetOf(projectId),
    ]);
    const { nodeId } = swarm;
    if (nodeId === null) throw new EngineUnavailableError('The engine is not in a Swarm.');
    const config = relayConfig({ instance: this.engineConfig.instance, subnet });
    await this.network.hold(projectId, signal, async ({ guard }) => {
      const isChanged = await this.relays.ensure(
        {
          projectId,
          nodeId,
          image,
          command: ['sh', '-euc', `exec haproxy -db -f /dev/stdin <<'END'\n${config}END`],
          env: {},
          cpu: CPU,
          memoryMb: MEMORY_MB,
          stopGraceSeconds: STOP_GRACE_SECONDS,
        },
        guard,
      );
      if (isChanged) this.logger.log(`started the relay of ${projectId}`);
    });
  }

  nameOf(projectId: string): string {
    return relayName(this.engineConfig.instance, projectId);
  }
}
