import {
  type Engine,
  type EngineInfo,
  type Guard,
  type Images,
  type JoinToken,
  type NodeTask,
  type NetworkRemoval,
  type ListedNetwork,
  type ProjectNetworks,
  type SwarmNode,
  type SwarmNodes,
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
export class FakeImages implements Pick<Images, 'ensure' | 'listForEnvironment' | 'remove'> {
  constructor(private readonly engine: InMemoryEngine) {}

  ensure(reference: string): Promise<string> {
    this.engine.refuses(`pull ${reference}`);
    return Promise.resolve(`sha256:${reference}`);
  }

  listForEnvironment() {
    return Promise.resolve([]);
  }

  remove() {
    return Promise.resolve('missing' as const);
  }
}

/** A volume is in use as long as its service exists. */
export class FakeVolumes implements Pick<Volumes, 'remove'> {
  constructor(private readonly engine: InMemoryEngine) {}

  async remove(name: string, guard: Guard = UNGUARDED): Promise<VolumeRemoval> {
    const { shared, volumes } = this.engine;
    if (!volumes.has(name)) return 'missing';
    if ([...shared.keys()].some((service) => name.startsWith(service))) return 'in-use';
    await this.engine.change(`remove volume`, guard);
    volumes.delete(name);
    return 'removed';
  }
}

export class FakeNetworks implements Pick<
  ProjectNetworks,
  'ensure' | 'find' | 'isConnected' | 'connect' | 'disconnect' | 'remove'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure(projectId: string, guard: Guard = UNGUARDED): Promise<ListedNetwork> {
    if (!this.engine.networks.has(projectId)) {
      await this.engine.change('create network', guard);
      this.engine.networks.add(projectId);
    }
    return { id: projectId, name: projectId, projectId };
  }

  find(projectId: string): Promise<ListedNetwork | null> {
    const exists = this.engine.networks.has(projectId);
    return Promise.resolve(exists ? { id: projectId, name: projectId, projectId } : null);
  }

  isConnected(_container: string, projectId: string): Promise<boolean> {
    return Promise.resolve(this.engine.networks.has(projectId));
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  async remove(projectId: string, guard: Guard = UNGUARDED): Promise<NetworkRemoval> {
    if (!this.engine.networks.has(projectId)) return 'missing';
    if (this.engine.running({ projectId }).length > 0) return 'in-use';
    await this.engine.change('remove network', guard);
    this.engine.networks.delete(projectId);
    return 'removed';
  }
}
