import { Injectable } from '@nestjs/common';
import type Docker from 'dockerode';
import { EngineClient } from '../client/engine-client.js';
import { EngineConflictError } from '../client/engine-errors.js';
import { LABELS, labelFilter, type Owner, ownerLabels } from '../client/engine-labels.js';
import { sharedServiceName, sharedVolumeName } from '../client/engine-names.js';
import { type Guard, UNGUARDED } from '../client/guard.js';
import { BridgePlacement } from './bridge-placement.js';
import { ProjectNetworks } from './project-networks.js';
import { SwarmServices } from './swarm-services.js';
import { isOnBridge, MIB, movedTo, NANO, type Place, type TaskSpec, taskTemplate } from './task-template.js';

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
  /** Whether Nexos itself sends it requests, through the ingress. */
  readonly isBehindIngress: boolean;
  /** MiB of `/dev/shm`; the engine's default is 64. */
  readonly sharedMemoryMb?: number;
}

export interface SharedService {
  readonly name: string;
  readonly kind: string;
  readonly projectId: string;
  readonly replicas: number;
  /** Whether the ingress reaches it over its project's bridge. */
  readonly isOnBridge: boolean;
  /** The only node that may run it. */
  readonly nodeId: string | null;
}

/** The Swarm services shared by the environments of a project, each with a volume. */
@Injectable()
export class SharedServices extends SwarmServices {
  constructor(
    client: EngineClient,
    private readonly networks: ProjectNetworks,
    private readonly placement: BridgePlacement,
  ) {
    super(client);
  }

  /**
   * Creates the service, or starts it if it was scaled to zero, with the current command. Leaves a running service
   * unchanged. The memory limit is reserved, so that Swarm never promises a node's memory twice.
   *
   * @returns `ran` if the service was already running
   * @throws {EngineNotFoundError} when the project has no network
   */
  async ensure(spec: SharedServiceSpec, guard: Guard = UNGUARDED): Promise<'ran' | 'started'> {
    const name = sharedServiceName(this.client.instance, spec.projectId, spec.kind);
    const existing = (await this.find(name)) ?? (await this.create(name, spec, guard));
    if (existing === null) return 'started';
    if ((existing.Spec?.Mode?.Replicated?.Replicas ?? 0) > 0) return 'ran';
    const place = spec.isBehindIngress ? await this.placeOf(spec) : null;
    await this.update(name, guard, (current) =>
      broughtUpToDate(place === null ? current : moved(current, place), spec),
    );
    return 'started';
  }

  /**
   * Has a running service that the ingress reaches join the bridge, which restarts it: the old container has stopped
   * before the new one starts.
   */
  async joinBridge(
    { name, nodeId }: Pick<SharedService, 'name'> & { readonly nodeId: string },
    guard: Guard = UNGUARDED,
  ): Promise<void> {
    await this.update(name, guard, (current) =>
      isOnBridge(current) ? null : moved(current, { nodeId, isOnBridge: true }),
    );
  }

  listForProject(projectId: string): Promise<SharedService[]> {
    return this.list({ projectId });
  }

  /** Lists the services of this installation. */
  listAll(): Promise<SharedService[]> {
    return this.list({});
  }

  private async list(owner: Owner): Promise<SharedService[]> {
    const label = [...labelFilter(this.client.instance, owner), LABELS.service];
    const services = await this.client.call((docker) => docker.listServices({ filters: { label } }));
    return services.map(({ Spec }) => ({
      name: Spec?.Name ?? '',
      kind: Spec?.Labels?.[LABELS.service] ?? '',
      projectId: Spec?.Labels?.[LABELS.project] ?? '',
      replicas: Spec?.Mode?.Replicated?.Replicas ?? 0,
      isOnBridge: isOnBridge(Spec),
      nodeId: nodeIdOf(Spec),
    }));
  }

  private placeOf({ isBehindIngress, nodeId }: SharedServiceSpec): Promise<Place> {
    return isBehindIngress ? this.placement.place(nodeId) : Promise.resolve({ nodeId, isOnBridge: false });
  }

  /** Creates the service; returns null, or the service that another worker created meanwhile. */
  private async create(name: string, spec: SharedServiceSpec, guard: Guard): Promise<Docker.Service | null> {
    const [overlay, place] = await Promise.all([this.networks.require(spec.projectId), this.placeOf(spec)]);
    const options = sharedServiceSpec(this.client.instance, name, { overlay, place }, spec);
    try {
      await this.createService(options, guard);
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
  at: { readonly overlay: string; readonly place: Place },
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
      ...at,
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

function moved(spec: Docker.ServiceSpec, place: Place): Docker.ServiceSpec {
  return { ...spec, TaskTemplate: movedTo(place, spec.TaskTemplate as Docker.ContainerTaskSpec) };
}

function nodeIdOf(spec: Docker.ServiceSpec | undefined): string | null {
  const template = spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
  const [constraint = ''] = template?.Placement?.Constraints ?? [];
  return /^node\.id==(\S+)$/.exec(constraint)?.[1] ?? null;
}

/** Starts a service that an earlier version may have created: with its command, and its memory limit reserved. */
function broughtUpToDate(
  spec: Docker.ServiceSpec,
  { command }: Pick<SharedServiceSpec, 'command'>,
): Docker.ServiceSpec {
  const template = spec.TaskTemplate as Docker.ContainerTaskSpec;
  const { Limits, Reservations } = template.Resources ?? {};
  const MemoryBytes = Limits?.MemoryBytes;
  return {
    ...spec,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...template.ContainerSpec,
        ...(command !== undefined && { Command: [...command] }),
      },
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
