import {
  type Engine,
  type EngineInfo,
  type Guard,
  type ImageFacts,
  type Images,
  type JoinToken,
  type NodeTask,
  type NetworkRemoval,
  type ListedNetwork,
  type NetworkIds,
  type NextSubnet,
  type ProjectNetworks,
  type SwarmNode,
  type SwarmNodes,
  type NetworkedVersion,
  type VersionNetwork,
  type VersionNetworks,
  type VolumeRemoval,
  type Volumes,
} from '@nexos/engine';
import type { InMemoryEngine } from './in-memory-engine.js';

const UNGUARDED: Guard = () => Promise.resolve();

export class FakeEngine implements Pick<Engine, 'ping' | 'info'> {
  constructor(private readonly engine: InMemoryEngine) {}

  ping(): Promise<void> {
    this.engine.throwIfUnreachable();
    return Promise.resolve();
  }

  info(): Promise<EngineInfo> {
    const { nodeId } = this.engine;
    return Promise.resolve({
      id: 'engine-1',
      time: new Date(),
      version: '20.10.24',
      cpus: 2,
      memoryBytes: 4_294_967_296,
      rootFolder: '/var/lib/docker',
      labels: [],
      swarm: { state: nodeId === null ? 'inactive' : 'active', nodeId, isManager: true, error: '' },
    });
  }
}

export class FakeNodes implements Pick<
  SwarmNodes,
  'list' | 'find' | 'joinToken' | 'setAvailability' | 'remove' | 'tasksOn'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  list(): Promise<SwarmNode[]> {
    return Promise.resolve(this.engine.nodes);
  }

  find(id: string): Promise<SwarmNode | undefined> {
    return Promise.resolve(this.engine.nodes.find(({ swarmId }) => swarmId === id));
  }

  joinToken(): Promise<JoinToken> {
    return Promise.resolve({ workerToken: 'token', managerAddress: '10.0.0.1:2377' });
  }

  async setAvailability(id: string, availability: 'active' | 'pause' | 'drain'): Promise<void> {
    await this.engine.change(`${availability} ${id}`, UNGUARDED);
    this.engine.nodes = this.engine.nodes.map((node) =>
      node.swarmId === id ? { ...node, availability } : node,
    );
  }

  async remove(id: string): Promise<void> {
    await this.engine.change(`remove node ${id}`, UNGUARDED);
    this.engine.nodes = this.engine.nodes.filter(({ swarmId }) => swarmId !== id);
  }

  /** A drained node keeps no task. */
  async tasksOn(id: string): Promise<NodeTask[]> {
    const node = await this.find(id);
    if (node?.availability === 'drain') return [];
    const apps = [...this.engine.apps.values()].filter(
      ({ nodeId, replicas }) => nodeId === id && replicas > 0,
    );
    const services = [...this.engine.shared.values()].filter(
      ({ spec, replicas }) => spec.nodeId === id && replicas > 0,
    );
    return [
      ...apps.map(({ spec: { projectId, environmentId, deploymentId } }) => ({
        kind: 'app' as const,
        projectId,
        environmentId,
        deploymentId,
      })),
      ...services.map(({ spec: { projectId } }) => ({ kind: 'service' as const, projectId })),
    ];
  }
}

/** Every image requested by name exists. */
export class FakeImages implements Pick<Images, 'ensure' | 'inspect' | 'listForEnvironment' | 'remove'> {
  constructor(private readonly engine: InMemoryEngine) {}

  ensure(reference: string): Promise<string> {
    this.engine.refuses(`pull ${reference}`);
    return Promise.resolve(`sha256:${reference}`);
  }

  inspect(id: string): Promise<ImageFacts> {
    const tags = this.engine.imageTags.get(id) ?? [id.replace('sha256:', '')];
    return Promise.resolve({ id, labels: {}, tags, exposedPorts: [], volumes: [], sizeBytes: 0 });
  }

  listForEnvironment() {
    return Promise.resolve([]);
  }

  remove() {
    return Promise.resolve('missing' as const);
  }
}

/** A volume is in use as long as its service exists. */
export class FakeVolumes implements Pick<Volumes, 'remove' | 'measureShared'> {
  constructor(private readonly engine: InMemoryEngine) {}

  async remove(name: string, guard: Guard = UNGUARDED): Promise<VolumeRemoval> {
    const { shared, volumes } = this.engine;
    if (!volumes.has(name)) return 'missing';
    if ([...shared.keys()].some((service) => name.startsWith(service))) return 'in-use';
    await this.engine.change(`remove volume`, guard);
    volumes.delete(name);
    return 'removed';
  }

  measureShared() {
    this.engine.measurements += 1;
    const measured = [...this.engine.shared].map(([service, { spec }]) => {
      const { projectId, kind, volumeSuffix: suffix } = spec;
      const name = suffix === null ? service : `${service}-${suffix}`;
      return { name, projectId, kind, suffix, bytes: this.engine.volumeBytes };
    });
    return Promise.resolve(measured);
  }
}

export class FakeNetworks implements Pick<
  ProjectNetworks,
  'ensure' | 'exist' | 'find' | 'subnetOf' | 'remove'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure(projectId: string, nextSubnet: NextSubnet, guard: Guard = UNGUARDED): Promise<NetworkIds> {
    if (!this.engine.networks.has(projectId)) {
      await nextSubnet();
      await this.engine.change('create network', guard);
      this.engine.networks.add(projectId);
    }
    return { overlay: projectId, bridge: projectId };
  }

  exist(projectId: string): Promise<boolean> {
    return Promise.resolve(this.engine.networks.has(projectId));
  }

  find(projectId: string): Promise<ListedNetwork | null> {
    const exists = this.engine.networks.has(projectId);
    return Promise.resolve(exists ? { id: projectId, name: projectId, projectId } : null);
  }

  subnetOf(): Promise<string> {
    return Promise.resolve('10.128.1.0/24');
  }

  async remove(projectId: string, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    if (!this.engine.networks.has(projectId)) return 'missing';
    if (this.engine.running({ projectId }).length > 0) return 'in-use';
    await this.engine.change('remove network', guard);
    this.engine.networks.delete(projectId);
    return 'removed';
  }
}

/** The networks of versions with several containers. One stays in use while a container of its version runs. */
export class FakeVersionNetworks implements Pick<
  VersionNetworks,
  'ensure' | 'find' | 'listForEnvironment' | 'remove'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure({ deploymentId, environmentId }: NetworkedVersion, guard: Guard = UNGUARDED): Promise<void> {
    if (this.engine.versionNetworks.has(deploymentId)) return;
    await this.engine.change('create version network', guard);
    this.engine.versionNetworks.set(deploymentId, environmentId);
  }

  find(deploymentId: string): Promise<string | null> {
    return Promise.resolve(this.engine.versionNetworks.has(deploymentId) ? deploymentId : null);
  }

  listForEnvironment(environmentId: string): Promise<VersionNetwork[]> {
    const own = [...this.engine.versionNetworks].filter(([, owner]) => owner === environmentId);
    return Promise.resolve(own.map(([deploymentId]) => ({ id: deploymentId, deploymentId })));
  }

  async remove({ deploymentId }: VersionNetwork, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    if (this.engine.running({ deploymentId }).length > 0) return 'in-use';
    await this.engine.change('remove version network', guard);
    this.engine.versionNetworks.delete(deploymentId);
    return 'removed';
  }
}
