import { type Capacity, reservedBy, type SwarmCapacity, type TaskOwner } from '@nexos/engine';
import type { InMemoryEngine } from './in-memory-engine.js';

/** Nodes with as much memory as the test says; apps are on `node-1`. Apps that find no node wait for one. */
export class FakeCapacity implements Pick<SwarmCapacity, 'read'> {
  constructor(private readonly engine: InMemoryEngine) {}

  read(isLeftOut: (owner: TaskOwner) => boolean): Promise<Capacity> {
    this.engine.throwIfUnreachable();
    const containers = [...this.engine.apps.values()]
      .filter(({ spec, replicas }) => replicas > 0 && !isLeftOut(spec))
      .map(({ spec }) => spec);
    const reserved = containers.reduce((sum, spec) => sum + reservedBy(spec).memoryBytes, 0);
    const { memoryBytes: all } = reservedBy({ cpu: 0, memoryMb: this.engine.memoryMb });
    const isFull = this.engine.fate === 'finds no node';
    const taking = this.engine.nodes.filter(
      ({ state, availability }) => state === 'ready' && availability === 'active',
    );
    return Promise.resolve({
      nodes: taking.map(({ swarmId: nodeId }) => ({
        nodeId,
        nanoCpus: isFull ? 0 : 1e12,
        memoryBytes: nodeId === 'node-1' ? all - reserved : all,
      })),
      waiting: [],
      containers,
    });
  }
}
