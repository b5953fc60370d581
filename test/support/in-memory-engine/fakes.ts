import {
  DeploymentServices,
  Engine,
  Images,
  OneOffJobs,
  ProjectNetworks,
  SharedServices,
  SwarmMembership,
  SwarmNodes,
  Volumes,
} from '@nexos/engine';
import { IngressMap, IngressProbe } from '@nexos/ingress';
import { FakeIngressMap, FakeIngressProbe } from './fake-ingress.js';
import { FakeOneOffJobs } from './fake-jobs.js';
import { FakeEngine, FakeImages, FakeNetworks, FakeNodes, FakeVolumes } from './fake-machine.js';
import { FakeDeploymentServices, FakeSharedServices } from './fake-services.js';
import type { InMemoryEngine } from './in-memory-engine.js';

/** Returns the providers of a worker that an in-memory engine replaces, each with its replacement. */
export function fakesOf(engine: InMemoryEngine): readonly [token: unknown, fake: object][] {
  return [
    [DeploymentServices, new FakeDeploymentServices(engine)],
    [SharedServices, new FakeSharedServices(engine)],
    [OneOffJobs, new FakeOneOffJobs(engine)],
    [Volumes, new FakeVolumes(engine)],
    [ProjectNetworks, new FakeNetworks(engine)],
    [Images, new FakeImages(engine)],
    [Engine, new FakeEngine(engine)],
    [SwarmNodes, new FakeNodes(engine)],
    [SwarmMembership, { ensure: () => Promise.resolve(engine.nodeId) }],
    [IngressMap, new FakeIngressMap(engine)],
    [IngressProbe, new FakeIngressProbe(engine)],
  ];
}
