import type { DeploymentStatus } from '../deployments/deployment-state.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** A deployment that has a service on the engine. */
export interface ServiceFacts {
  readonly deploymentId: string;
  /** When draining ends, in milliseconds since the epoch. */
  readonly drainUntil: number | null;
  /** Desired number of containers; 0: paused. */
  readonly replicas: number;
}

/** The state of an environment when a worker looks at it. */
export interface EnvironmentFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A new database was requested and does not exist yet. */
  readonly isResetting: boolean;
  /** The live version's hooks have not run yet for its current database. */
  readonly areHooksDue: boolean;
  /** The desired state could not be reached, nothing was requested since, and no retry is due. */
  readonly hasFailed: boolean;
  /** The deployment that should run; null before the first one. */
  readonly desired: { readonly id: string; readonly status: DeploymentStatus } | null;
  readonly liveDeploymentId: string | null;
  readonly services: readonly ServiceFacts[];
}

export type EnvironmentStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'destroy' }
  | {
      readonly kind: 'roll-out';
      readonly deploymentId: string;
      /** Versions that were stopped, and must have ended before this one starts. */
      readonly after: readonly string[];
    }
  /** Stops every container. */
  | { readonly kind: 'stop' }
  /** Everything was told to stop: once it has, the environment is paused. */
  | { readonly kind: 'finish-pause' }
  | {
      readonly kind: 'resume';
      readonly deploymentId: string;
      /** Versions that were stopped, and must have ended before this one starts again. */
      readonly after: readonly string[];
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'run-hooks'; readonly deploymentId: string }
  | {
      /** The desired version is live: route to it and remove the services of other versions. */
      readonly kind: 'settle';
      readonly remove: readonly string[];
      /** Milliseconds until the next version has drained; null: none drains. */
      readonly again: number | null;
    };

/** Decides the next step that brings an environment closer to its desired state. */
export function planEnvironment(facts: EnvironmentFacts, now: number): EnvironmentStep {
  if (facts.status === 'destroyed') return { kind: 'nothing' };
  if (facts.desiredState === 'destroyed') return { kind: 'destroy' };
  if (facts.desiredState === 'paused') return planPaused(facts, now);
  if (facts.desired?.status === 'deploying') {
    return {
      kind: 'roll-out',
      deploymentId: facts.desired.id,
      after: stoppedVersions(facts, facts.desired.id),
    };
  }
  return (facts.hasFailed ? null : planRunning(facts)) ?? planSettled(facts, now);
}

/** Plans what the live version lacks. A failed one starts only with the database that was requested for it. */
function planRunning(facts: EnvironmentFacts): EnvironmentStep | null {
  const { liveDeploymentId, status } = facts;
  const isStopped = status !== 'running' || isDown(facts);
  const resume =
    liveDeploymentId !== null && isStopped
      ? ({ kind: 'resume', deploymentId: liveDeploymentId, after: stoppedVersions(facts, null) } as const)
      : null;
  if (resume !== null && status !== 'failed') return resume;
  if (facts.isResetting) return { kind: 'reset' };
  if (facts.areHooksDue && liveDeploymentId !== null) {
    return { kind: 'run-hooks', deploymentId: liveDeploymentId };
  }
  return resume;
}

/** Returns whether the live version has no container, for whatever reason. */
function isDown({ services, liveDeploymentId }: EnvironmentFacts): boolean {
  return !services.some(({ deploymentId, replicas }) => deploymentId === liveDeploymentId && replicas > 0);
}

/** Returns the versions that were told to stop, except one that is about to start. */
function stoppedVersions(facts: EnvironmentFacts, starting: string | null): string[] {
  const scaledDown = facts.services.filter(({ replicas }) => replicas === 0);
  const ids = new Set(scaledDown.map(({ deploymentId }) => deploymentId));
  if (facts.liveDeploymentId !== null && isDown(facts)) ids.add(facts.liveDeploymentId);
  return [...ids].filter((id) => id !== starting);
}

/** Plans a pause. A version built meanwhile waits until the environment is resumed. */
function planPaused(facts: EnvironmentFacts, now: number): EnvironmentStep {
  const runs = facts.services.some(({ replicas }) => replicas > 0);
  if (runs || facts.status === 'running' || facts.status === 'resuming') return { kind: 'stop' };
  return facts.status === 'paused' ? planSettled(facts, now) : { kind: 'finish-pause' };
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
