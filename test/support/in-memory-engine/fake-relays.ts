import {
  relayName,
  type Guard,
  type RelayServices,
  type RelaySpec,
  type ServiceRemoval,
} from '@nexos/engine';
import { INSTANCE } from './fake-services.js';
import type { InMemoryEngine } from './in-memory-engine.js';

const UNGUARDED: Guard = () => Promise.resolve();

/** The relays of projects, each of which runs at once. */
export class FakeRelayServices implements Pick<RelayServices, 'ensure' | 'list' | 'remove'> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure({ projectId }: RelaySpec, guard: Guard = UNGUARDED): Promise<boolean> {
    if (this.engine.relays.has(projectId)) return false;
    await this.engine.change('create relay', guard);
    this.engine.relays.add(projectId);
    return true;
  }

  list(): Promise<string[]> {
    this.engine.throwIfUnreachable();
    return Promise.resolve([...this.engine.relays]);
  }

  async remove(name: string, guard: Guard = UNGUARDED): Promise<ServiceRemoval> {
    const found = [...this.engine.relays].find((projectId) => relayName(INSTANCE, projectId) === name);
    if (found === undefined) return 'missing';
    await this.engine.change('remove relay', guard);
    this.engine.relays.delete(found);
    return 'removed';
  }
}
