import type { DeploymentStatus } from './deployment-state.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** What is known of an environment when a worker looks at it. */
export interface EnvironmentFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** The deployment that should run, where one was ever asked for. */
  readonly desired: { readonly id: string; readonly status: DeploymentStatus } | null;
  readonly liveDeploymentId: string | null;
  /** The deployments that have a service on the engine, with the time (ms) until which each is drained. */
  readonly services: readonly { readonly deploymentId: string; readonly drainUntil: number | null }[];
}

export type EnvironmentStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'destroy' }
  | { readonly kind: 'roll-out'; readonly deploymentId: string }
  | {
      /** The wanted version is live: make the route lead to it and take away what is left of others. */
      readonly kind: 'settle';
      readonly remove: readonly string[];
      /** Look again after this many milliseconds, when the next draining version is done; null: never. */
      readonly again: number | null;
    };

/** Decides the next step that brings an environment closer to what is wanted of it. */
export function planEnvironment(facts: EnvironmentFacts, now: number): EnvironmentStep {
  if (facts.status === 'destroyed') return { kind: 'nothing' };
  if (facts.desiredState === 'destroyed') return { kind: 'destroy' };
  if (facts.desired?.status === 'deploying') return { kind: 'roll-out', deploymentId: facts.desired.id };
  const leftovers = facts.services.filter((service) => service.deploymentId !== facts.liveDeploymentId);
  const draining = leftovers.filter((service) => service.drainUntil !== null && service.drainUntil > now);
  const remove = leftovers.filter((service) => !draining.includes(service));
  const waits = draining.map((service) => (service.drainUntil ?? now) - now);
  return {
    kind: 'settle',
    remove: remove.map((service) => service.deploymentId),
    again: waits.length === 0 ? null : Math.min(...waits),
  };
}
