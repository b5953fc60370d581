import {
  DeploymentServices,
  Engine,
  Images,
  OneOffJobs,
  ProjectNetworks,
  RelayServices,
  SharedServices,
  SwarmCapacity,
  SwarmMembership,
  SwarmNodes,
  VersionNetworks,
  Volumes,
} from '@nexos/engine';
import { HoldMap, IngressMap, IngressProbe, VersionMap } from '@nexos/ingress';
import { FakeHoldMap, FakeIngressMap, FakeIngressProbe, FakeVersionMap } from './fake-ingress.js';
import { FakeOneOffJobs } from './fake-jobs.js';
import { FakeCapacity } from './fake-capacity.js';
import {
  FakeEngine,
  FakeImages,
  FakeNetworks,
  FakeNodes,
  FakeVersionNetworks,
  FakeVolumes,
} from './fake-machine.js';
import { FakeRelayServices } from './fake-relays.js';
import { FakeDeploymentServices, FakeSharedServices } from './fake-services.js';
import type { InMemoryEngine } from './in-memory-engine.js';

/** Returns the providers of a worker that an in-memory engine replaces, each with its replacement. */
export function fakesOf(engine: InMemoryEngine): readonly [token: unknown, fake: object][] {
  return [
    [DeploymentServices, new FakeDeploymentServices(engine)],
    [SharedServices, new FakeSharedServices(engine)],
    [RelayServices, new FakeRelayServices(engine)],
    [OneOffJobs, new FakeOneOffJobs(engine)],
    [Volumes, new FakeVolumes(engine)],
    [ProjectNetworks, new FakeNetworks(engine)],
    [VersionNetworks, new FakeVersionNetworks(engine)],
    [Images, new FakeImages(engine)],
    [Engine, new FakeEngine(engine)],
    [SwarmCapacity, new FakeCapacity(engine)],
    [SwarmNodes, new FakeNodes(engine)],
    [SwarmMembership, { ensure: () => Promise.resolve(engine.nodeId) }],
    [IngressMap, new FakeIngressMap(engine)],
    [HoldMap, new FakeHoldMap(engine)],
    [VersionMap, new FakeVersionMap(engine)],
    [IngressProbe, new FakeIngressProbe(engine)],
  ];
}
