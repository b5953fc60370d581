import type { EngineConfig } from '@nexos/config';
import {
  bridgeName,
  EngineConflictError,
  EngineNotFoundError,
  EngineUnavailableError,
  type LocalBridges,
} from '@nexos/engine';
import type { AddressMap } from '@nexos/ingress';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  ContainerListener,
  ContainerTracker,
  CreatedContainer,
  TrackedContainer,
} from '../tracker/container-tracker.js';
import { BridgeConnector } from './bridge-connector.js';
import { BridgePools } from './bridge-pools.js';

// Fake timers leave those of promises alone. Test files that run later in this process may get this, too.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, ms, value);
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
    }),
}));

const INSTANCE = 'test';
const PROJECT = 'proj_1';

/** The engine's side: which container has which address. */
class FakeBridges implements Pick<LocalBridges, 'find' | 'connect' | 'pause' | 'unpause' | 'listPaused'> {
  exists = true;
  readonly connected = new Map<string, string>();
  readonly gone = new Set<string>();
  readonly failures: Error[] = [];
  /** Containers that the engine starts before it connects them. */
  readonly startedFirst = new Set<string>();
  readonly paused = new Set<string>();
  readonly unpauseFailures: Error[] = [];
  /** What was asked of the engine about containers, in order. */
  readonly requests: string[] = [];
  lookups = 0;

  pause(id: string) {
    this.requests.push(`pause ${id}`);
    if (this.startedFirst.has(id)) this.paused.add(id);
    return Promise.resolve(this.startedFirst.has(id));
  }

  unpause(id: string) {
    this.requests.push(`unpause ${id}`);
    const failure = this.unpauseFailures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    this.paused.delete(id);
    return Promise.resolve();
  }

  listPaused() {
    return Promise.resolve([...this.paused]);
  }

  find() {
    this.lookups += 1;
    return Promise.resolve(
      this.exists ? { id: 'bridge', subnet: '10.64.3.0/24', addresses: ['10.64.3.9'] } : null,
    );
  }

  connect(_bridge: string, id: string, address: string) {
    this.requests.push(`connect ${id}`);
    const failure = this.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    if (this.gone.has(id)) return Promise.resolve(false);
    this.connected.set(id, address);
    return Promise.resolve(true);
  }
}

describe('BridgeConnector', () => {
  let bridges: FakeBridges;
  let connector: BridgeConnector;
  let listener: ContainerListener;
  let refreshed: string[];
  let warnings: string[];
  let infos: string[];
  let published: Map<string, string>;
  beforeEach(() => {
    vi.useFakeTimers();
    bridges = new FakeBridges();
    refreshed = [];
    warnings = [];
    infos = [];
    published = new Map();
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((line: string) => void warnings.push(line));
    vi.spyOn(Logger.prototype, 'log').mockImplementation((line: string) => void infos.push(line));
    start();
  });
  afterEach(async () => {
    await connector.onApplicationShutdown();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function start(): void {
    const tracker: Pick<ContainerTracker, 'listen' | 'refresh'> = {
      listen: (added) => (listener = added),
      refresh: (id) => Promise.resolve(void refreshed.push(id)),
    };
    const local = bridges as unknown as LocalBridges;
    const map: Pick<AddressMap, 'read'> = { read: () => Promise.resolve(published) };
    const pools = new BridgePools(local, map as AddressMap);
    pools.onApplicationBootstrap();
    const config = { instance: INSTANCE } as EngineConfig;
    connector = new BridgeConnector(local, pools, tracker as ContainerTracker, config);
  }
  const create = (id: string, container: Partial<CreatedContainer> = {}) =>
    listener.created?.({ id, projectId: PROJECT, joinsBridge: true, ...container });
  const change = (id: string, address: string | null, changes: Partial<TrackedContainer> = {}) =>
    listener.changed({
      ...{ id, name: `svc.1.${id}`, joinsBridge: true, startedAt: '', pid: 1 },
      ...{ listeners: null, outOfMemoryAt: null, end: null },
      owner: {
        ...{ projectId: PROJECT, environmentId: null, deploymentId: null },
        ...{ container: 'app', service: null, job: null },
      },
      addresses: address === null ? {} : { [bridgeName(INSTANCE, PROJECT)]: address },
      ...changes,
    });
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  const addressOf = (id: string) => bridges.connected.get(id);

  it('connects a container as soon as it is created, each under an address of its own', async () => {
    for (const id of ['a', 'b', 'c']) create(id);
    await settle();
    const addresses = ['a', 'b', 'c'].map(addressOf);
    expect(new Set(addresses).size).toBe(3);
    for (const address of addresses) expect(address).toMatch(/^10\.64\.3\.(?!1$|9$)\d+$/);
    expect(bridges.lookups).toBe(1);
    // The event of its start shows the address.
    expect(refreshed).toEqual([]);
  });

  it('asks the engine to pause a container that starts first, until it is connected', async () => {
    bridges.startedFirst.add('a');
    create('a');
    await settle();
    expect(bridges.requests).toEqual(['pause a', 'connect a', 'unpause a']);
    create('b');
    await settle();
    expect(bridges.requests.slice(3)).toEqual(['pause b', 'connect b']);
  });

  it('does not leave a container paused that it cannot connect', async () => {
    bridges.startedFirst.add('a');
    bridges.failures.push(new EngineUnavailableError('away'));
    bridges.unpauseFailures.push(new EngineUnavailableError('away'));
    create('a');
    await settle(500);
    expect(bridges.paused.size).toBe(0);
    expect(addressOf('a')).toBeDefined();
    expect(bridges.requests.filter((request) => request === 'unpause a')).toHaveLength(2);
  });

  it('lets containers continue that are found paused, once connected, but none that it paused itself', async () => {
    bridges.startedFirst.add('a');
    bridges.paused.add('left').add('apart');
    create('a');
    change('left', null);
    listener.listed('', []);
    expect(bridges.paused.has('a')).toBe(true);
    await settle();
    expect(bridges.paused.size).toBe(0);
    const ofLeft = bridges.requests.filter((request) => request.endsWith('left'));
    expect(ofLeft).toEqual(['connect left', 'unpause left']);
  });

  it('lets a container continue while it shuts down', async () => {
    bridges.startedFirst.add('a');
    create('a');
    await connector.onApplicationShutdown();
    expect(bridges.paused.size).toBe(0);
  });

  it('ignores containers that do not belong on a bridge', async () => {
    create('a', { joinsBridge: false });
    create('b', { projectId: null });
    change('c', null, { joinsBridge: false });
    await settle();
    expect(bridges.connected.size).toBe(0);
  });

  it('connects a container that runs already, and has it looked at again', async () => {
    change('a', null);
    await settle();
    expect(addressOf('a')).toBeDefined();
    expect(refreshed).toEqual(['a']);
  });

  it('leaves a container alone that is on the bridge, and gives nobody else its address', async () => {
    change('a', '10.64.3.2');
    for (let n = 0; n < 253; n++) create(`other-${n}`);
    await settle();
    expect(addressOf('a')).toBeUndefined();
    expect(bridges.connected.size).toBe(251);
    expect([...bridges.connected.values()]).not.toContain('10.64.3.2');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('all of its addresses are in use');
  });

  it('looks the bridge up again for the next container of a project that had none left', async () => {
    create('a');
    create('b');
    await settle();
    listener.removed?.('a');
    create('c');
    await settle();
    expect(bridges.lookups).toBe(1);
    listener.removed?.('b');
    listener.removed?.('c');
    create('d');
    await settle();
    expect(bridges.lookups).toBe(2);
  });

  it('uses addresses last that containers have had', async () => {
    const had = new Set<string | undefined>();
    for (let n = 0; n < 200; n++) {
      create(`${n}`);
      await settle();
      had.add(addressOf(`${n}`));
      listener.ended?.(`${n}`);
    }
    expect(had.size).toBe(200);
  });

  it('uses addresses last that HAProxy has when the agent starts', async () => {
    published = new Map(Array.from({ length: 251 }, (_, n) => [`svc-${n}`, `10.64.3.${n + 4}`]));
    start();
    for (const id of ['a', 'b']) create(id);
    await settle();
    expect([addressOf('a'), addressOf('b')].sort()).toEqual(['10.64.3.2', '10.64.3.3']);
  });

  it('tries another address when one is taken', async () => {
    bridges.failures.push(new EngineConflictError('taken'));
    create('a');
    await settle();
    expect(addressOf('a')).toBeUndefined();
    await settle(1_000);
    expect(addressOf('a')).toBeDefined();
  });

  it('keeps trying the same address while the engine does not answer, less and less often', async () => {
    bridges.failures.push(...Array.from({ length: 5 }, () => new EngineUnavailableError('away')));
    create('a');
    await settle(1_600);
    expect(addressOf('a')).toBeUndefined();
    await settle(3_000);
    expect(addressOf('a')).toBeDefined();
    expect(warnings).toHaveLength(1);
  });

  it('looks a bridge up again that is gone, and connects its containers when it is back', async () => {
    create('a');
    await settle();
    bridges.exists = false;
    const gone = new EngineNotFoundError('network bridge not found');
    bridges.failures.push(gone, gone);
    create('b');
    create('c');
    await settle(60_000);
    expect([addressOf('b'), addressOf('c')]).toEqual([undefined, undefined]);
    expect(warnings).toHaveLength(1);
    expect(infos).toEqual([]);
    bridges.exists = true;
    await settle(20_000);
    expect(addressOf('b')).toBeDefined();
    expect(addressOf('c')).toBeDefined();
    expect(infos).toHaveLength(1);
  });

  it('stops trying for a container that is gone', async () => {
    bridges.gone.add('a');
    create('a');
    await settle();
    bridges.failures.push(...Array.from({ length: 50 }, () => new EngineUnavailableError('away')));
    create('b');
    await settle(5_000);
    listener.removed?.('b');
    await settle(20_000);
    const left = bridges.failures.length;
    expect(left).toBeGreaterThan(0);
    await settle(60_000);
    expect(bridges.failures).toHaveLength(left);
    expect(bridges.connected.size).toBe(0);
  });
});
