import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError } from '../client/engine-errors.js';
import { LABELS, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { relayName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { ProjectNetworks } from './project-networks.js';
import { SwarmServices } from './swarm-services.js';
import { NANO, type TaskSpec, taskTemplate } from './task-template.js';

const RESTART_DELAY_SECONDS = 1;

/** The specification of a project's relay. */
export interface RelaySpec extends TaskSpec {
  readonly projectId: string;
  /** The ingress's machine. */
  readonly nodeId: string;
}

/** The Swarm services on both networks of a project, through which the ingress reaches what is only on the overlay. */
@Injectable()
export class RelayServices extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
  ) {
    super(client);
  }

  /**
   * Creates the relay, or replaces one with another specification. The old container serves until the new one runs.
   *
   * @returns whether anything changed
   * @throws {EngineNotFoundError} when the project lacks a network
   */
  async ensure(spec: RelaySpec, guard: Guard = UNGUARDED): Promise<boolean> {
    const options = await this.describe(spec);
    const name = options.Name ?? '';
    if ((await this.find(name)) === null) {
      try {
        await this.createService(options, guard);
        return true;
      } catch (error) {
        if (!(error instanceof EngineConflictError)) throw error;
      }
    }
    let isChanged = false;
    await this.update(name, guard, (current) => {
      isChanged = current.Labels?.[LABELS.relay] !== options.Labels?.[LABELS.relay];
      return isChanged ? options : null;
    });
    return isChanged;
  }

  /** Lists the projects that have a relay. */
  async list(): Promise<string[]> {
    const label = [...labelFilter(this.client.instance, {}), LABELS.relay];
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    return services.flatMap(({ Spec }) => Spec?.Labels?.[LABELS.project] ?? []);
  }

  private async describe({ projectId, nodeId, ...task }: RelaySpec): Promise<Docker.ServiceSpec> {
    const { instance } = this.client;
    const labels = ownerLabels(instance, { projectId });
    const spec = {
      Name: relayName(instance, projectId),
      Mode: { Replicated: { Replicas: 1 } },
      EndpointSpec: { Mode: 'dnsrr' },
      UpdateConfig: { Parallelism: 1, Order: 'start-first' },
      // It reserves nothing, so that it starts even where apps have reserved everything.
      TaskTemplate: taskTemplate(task, {
        labels,
        overlay: await this.networks.require(projectId),
        place: { nodeId, isOnBridge: true },
        restart: { Condition: 'any', Delay: RESTART_DELAY_SECONDS * NANO, MaxAttempts: 0 },
        container: { ReadOnly: true, CapabilityDrop: ['ALL'], StopSignal: 'SIGUSR1' },
      }),
    };
    const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
    return { ...spec, Labels: { ...labels, [LABELS.relay]: hash } };
  }
}
