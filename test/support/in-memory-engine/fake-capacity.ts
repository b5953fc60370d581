import { type Capacity, reservedBy, type SwarmCapacity, type TaskOwner } from '@nexos/engine';
import type { InMemoryEngine } from './in-memory-engine.js';

/** The node of this machine, with as much memory as the test says. Apps that find no node wait for one. */
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
    const node = { nodeId: 'node-1', nanoCpus: isFull ? 0 : 1e12, memoryBytes: all - reserved };
    return Promise.resolve({
      nodes: [node],
      waiting: [],
      containers,
    });
  }
}
