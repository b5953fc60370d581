import type { DeploymentStatus } from '../deployments/deployment-state.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** A deployment that has a service on the engine. */
export interface ServiceFacts {
  readonly deploymentId: string;
  /** The time (ms) until which it is drained. */
  readonly drainUntil: number | null;
  /** How many containers it is to have; 0: it is paused. */
  readonly replicas: number;
}

/** What is known of an environment when a worker looks at it. */
export interface EnvironmentFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A new database was asked for and is not there yet. */
  readonly isResetting: boolean;
  /** The live version's hooks have not run yet for the database that it has by now. */
  readonly areHooksDue: boolean;
  /** The deployment that should run, where one was ever asked for. */
  readonly desired: { readonly id: string; readonly status: DeploymentStatus } | null;
  readonly liveDeploymentId: string | null;
  readonly services: readonly ServiceFacts[];
}

export type EnvironmentStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'destroy' }
  | { readonly kind: 'roll-out'; readonly deploymentId: string }
  | { readonly kind: 'pause' }
  | {
      readonly kind: 'resume';
      readonly deploymentId: string;
      /** Its service is scaled up already: the worker that did so died before it recorded the resume. */
      readonly isStarted: boolean;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'run-hooks'; readonly deploymentId: string }
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
  if (facts.desiredState === 'paused') return planPaused(facts, now);
  if (facts.desired?.status === 'deploying') return { kind: 'roll-out', deploymentId: facts.desired.id };
  if (facts.liveDeploymentId !== null && (facts.status === 'paused' || isDown(facts))) {
    return { kind: 'resume', deploymentId: facts.liveDeploymentId, isStarted: !isDown(facts) };
  }
  if (facts.isResetting) return { kind: 'reset' };
  if (facts.areHooksDue && facts.liveDeploymentId !== null) {
    return { kind: 'run-hooks', deploymentId: facts.liveDeploymentId };
  }
  return planSettled(facts, now);
}

/** The live version has no container, whoever took it or its service away. */
function isDown({ services, liveDeploymentId }: EnvironmentFacts): boolean {
  return !services.some(({ deploymentId, replicas }) => deploymentId === liveDeploymentId && replicas > 0);
}

/** A version that was built meanwhile waits until the environment is resumed. */
function planPaused(facts: EnvironmentFacts, now: number): EnvironmentStep {
  const runs = facts.services.some(({ replicas, drainUntil }) => replicas > 0 && drainUntil === null);
  return facts.status !== 'paused' || runs ? { kind: 'pause' } : planSettled(facts, now);
}

function planSettled(facts: EnvironmentFacts, now: number): EnvironmentStep {
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
