import { type IngressConfig } from '@nexos/config';
import { type Lease, type Leases } from '@nexos/database';
import { EngineNotFoundError, type ProjectNetworks } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { ProjectNetwork } from './project-network.js';
import { type Siblings } from './siblings.js';

const LEASE: Lease = { epoch: '1', signal: new AbortController().signal, guard: () => Promise.resolve() };

describe('ProjectNetwork', () => {
  it('recreates a network that is being removed', async () => {
    let ensured = 0;
    const networks = {
      isConnected: () => Promise.resolve(false),
      ensure: () => Promise.resolve(++ensured),
      connect: () =>
        ensured < 3 ? Promise.reject(new EngineNotFoundError('it is being removed')) : Promise.resolve(),
    };
    const leases = { hold: (_of: string, _id: string, work: (lease: Lease) => unknown) => work(LEASE) };
    const network = new ProjectNetwork(
      {} as Siblings,
      leases as unknown as Leases,
      networks as unknown as ProjectNetworks,
      { container: 'ingress' } as IngressConfig,
    );
    await network.prepare('proj_1', LEASE.signal);
    expect(ensured).toBe(3);
  });
});
