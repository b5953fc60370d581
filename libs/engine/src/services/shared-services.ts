import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError } from '../client/engine-errors.js';
import { LABELS, labelFilter, ownerLabels } from '../client/engine-labels.js';
import { sharedServiceName, sharedVolumeName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { ProjectNetworks } from './project-networks.js';
import { SwarmServices } from './swarm-services.js';
import { MIB, NANO, type TaskSpec, taskTemplate } from './task-template.js';

const RESTART_DELAY_SECONDS = 1;

/** The specification of a service that a project's environments share. */
export interface SharedServiceSpec extends TaskSpec {
  readonly projectId: string;
  /** Such as `postgres`; also the service's host name on the project's network. */
  readonly kind: string;
  /** The node of the service's volume. */
  readonly nodeId: string;
  /** What follows the service's name in the volume's name; null for nothing. */
  readonly volumeSuffix: string | null;
  /** Where the container mounts the volume. */
  readonly mountPath: string;
  /** Such as `SIGINT`; defaults to the image's own. */
  readonly stopSignal?: string;
  /** MiB of `/dev/shm`; the engine's default is 64. */
  readonly sharedMemoryMb?: number;
}

export interface SharedService {
  readonly name: string;
  readonly kind: string;
  readonly replicas: number;
}

/** The Swarm services shared by the environments of a project, each with a volume. */
@Injectable()
export class SharedServices extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
  ) {
    super(client);
  }

  /**
   * Creates the service, or starts it if it was scaled to zero. Leaves a running service unchanged. The memory limit is
   * reserved, so that Swarm never promises a node's memory twice.
   *
   * @returns `ran` if the service was already running
   * @throws {EngineNotFoundError} when the project has no network
   */
  async ensure(spec: SharedServiceSpec, guard: Guard = UNGUARDED): Promise<'ran' | 'started'> {
    const name = sharedServiceName(this.client.instance, spec.projectId, spec.kind);
    const existing = (await this.find(name)) ?? (await this.create(name, spec, guard));
    if (existing === null) return 'started';
    if ((existing.Spec?.Mode?.Replicated?.Replicas ?? 0) > 0) return 'ran';
    await this.update(name, guard, (current) => withMemoryReserved(current));
    return 'started';
  }

  async listForProject(projectId: string): Promise<SharedService[]> {
    const label = [...labelFilter(this.client.instance, { projectId }), LABELS.service];
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    return services.map(({ Spec }) => ({
      name: Spec?.Name ?? '',
      kind: Spec?.Labels?.[LABELS.service] ?? '',
      replicas: Spec?.Mode?.Replicated?.Replicas ?? 0,
    }));
  }

  /** Creates the service; returns null, or the service that another worker created meanwhile. */
  private async create(name: string, spec: SharedServiceSpec, guard: Guard): Promise<Docker.Service | null> {
    const network = await this.networks.require(spec.projectId);
    const options = sharedServiceSpec(this.client.instance, name, network.id, spec);
    try {
      await this.client.change(guard, (docker) => docker.createService(options));
      return null;
    } catch (error) {
      if (!(error instanceof EngineConflictError)) throw error;
      return this.inspect(name);
    }
  }
}

function sharedServiceSpec(
  instance: string,
  name: string,
  networkId: string,
  spec: SharedServiceSpec,
): Docker.ServiceSpec {
  const labels = { ...ownerLabels(instance, { projectId: spec.projectId }), [LABELS.service]: spec.kind };
  const volume = sharedVolumeName(instance, spec.projectId, spec.kind, spec.volumeSuffix);
  const mounts: Docker.MountSettings[] = [
    { Type: 'volume', Source: volume, Target: spec.mountPath, VolumeOptions: volumeOptions(labels) },
  ];
  if (spec.sharedMemoryMb !== undefined) {
    const tmpfs = { SizeBytes: spec.sharedMemoryMb * MIB, Mode: 0o1777 };
    mounts.push({ Type: 'tmpfs', Source: '', Target: '/dev/shm', TmpfsOptions: tmpfs });
  }
  return {
    Name: name,
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: taskTemplate(spec, {
      labels,
      networkId,
      aliases: [spec.kind],
      // Services of many projects share a node and mostly wait, so only their memory is reserved.
      reserved: { cpu: 0, memoryMb: spec.memoryMb },
      restart: { Condition: 'any', Delay: RESTART_DELAY_SECONDS * NANO, MaxAttempts: 0 },
      container: {
        Mounts: mounts,
        ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
      },
    }),
  };
}

/** Starts a service, and reserves its memory limit, which services of earlier versions do not. */
function withMemoryReserved(spec: Docker.ServiceSpec): Docker.ServiceSpec {
  const template = spec.TaskTemplate as Docker.ContainerTaskSpec;
  const { Limits, Reservations } = template.Resources ?? {};
  const MemoryBytes = Limits?.MemoryBytes;
  return {
    ...spec,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ...template,
      Resources: {
        ...template.Resources,
        ...(MemoryBytes !== undefined && { Reservations: { ...Reservations, MemoryBytes } }),
      },
    },
  };
}

function volumeOptions(labels: Record<string, string>): NonNullable<Docker.MountSettings['VolumeOptions']> {
  return { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } };
}
