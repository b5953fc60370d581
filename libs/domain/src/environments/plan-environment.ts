import type { DeploymentStatus } from '../deployments/deployment-state.js';
import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** A container of a deployment. */
export interface PlannedContainer {
  readonly deploymentId: string;
  readonly container: string;
}

/** A service on the engine, which runs a container of a deployment. */
export interface ServiceFacts extends PlannedContainer {
  /** When draining ends, in milliseconds since the epoch. */
  readonly drainUntil: number | null;
  /** Desired number of containers; 0: paused, or held back. */
  readonly replicas: number;
  /** It exits again and again, and is restarted after a pause, without a step of the plan. */
  readonly isHeld: boolean;
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
  /** The names of the containers that the live version has. */
  readonly liveContainers: readonly string[];
  readonly services: readonly ServiceFacts[];
}

export type EnvironmentStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'destroy' }
  | {
      readonly kind: 'roll-out';
      readonly deploymentId: string;
      /** Containers that were stopped, and must have ended before this version starts. */
      readonly after: readonly PlannedContainer[];
      /** Versions that were superseded or have drained, which would take this one's room. */
      readonly remove: readonly string[];
    }
  /** Stops every container. */
  | { readonly kind: 'stop' }
  /** Everything was told to stop: once it has, the environment is paused. */
  | { readonly kind: 'finish-pause' }
  | {
      readonly kind: 'resume';
      readonly deploymentId: string;
      /** Containers that were stopped, and must have ended before this version starts again. */
      readonly after: readonly PlannedContainer[];
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
      after: stoppedContainers(facts, facts.desired.id),
      remove: splitLeftovers(facts, now).remove.filter((id) => id !== facts.desired?.id),
    };
  }
  return (facts.hasFailed ? null : planRunning(facts)) ?? planSettled(facts, now);
}

/**
 * Plans what the live version lacks. A failed one starts only with the database that was requested for it; so does one that
 * should run and does not, as its data may be why.
 */
function planRunning(facts: EnvironmentFacts): EnvironmentStep | null {
  const { liveDeploymentId, status } = facts;
  const isStopped = status !== 'running' || missingContainers(facts).length > 0;
  const resume =
    liveDeploymentId !== null && isStopped
      ? ({ kind: 'resume', deploymentId: liveDeploymentId, after: stoppedContainers(facts, null) } as const)
      : null;
  if (resume !== null && status !== 'failed' && status !== 'running') return resume;
  if (facts.isResetting) return { kind: 'reset' };
  if (facts.areHooksDue && liveDeploymentId !== null) {
    return { kind: 'run-hooks', deploymentId: liveDeploymentId };
  }
  return resume;
}

/** Returns the containers of the live version that were told to stop, or have no service. */
function missingContainers({
  status,
  services,
  liveDeploymentId,
  liveContainers,
}: EnvironmentFacts): PlannedContainer[] {
  if (liveDeploymentId === null) return [];
  const present = services.filter(
    ({ deploymentId, replicas, isHeld }) =>
      deploymentId === liveDeploymentId && (replicas > 0 || (isHeld && status === 'running')),
  );
  return liveContainers
    .filter((name) => !present.some(({ container }) => container === name))
    .map((container) => ({ deploymentId: liveDeploymentId, container }));
}

/** Returns the containers that were told to stop, except those of a version that is about to start. */
function stoppedContainers(facts: EnvironmentFacts, starting: string | null): PlannedContainer[] {
  const scaledDown = facts.services.filter(({ replicas }) => replicas === 0);
  const all = [...scaledDown, ...missingContainers(facts)].filter(
    ({ deploymentId }) => deploymentId !== starting,
  );
  const byKey = all.map(
    ({ deploymentId, container }) => [`${deploymentId} ${container}`, { deploymentId, container }] as const,
  );
  return [...new Map(byKey).values()];
}

/** Plans a pause. A version built meanwhile waits until the environment is resumed. */
function planPaused(facts: EnvironmentFacts, now: number): EnvironmentStep {
  const runs = facts.services.some(({ replicas }) => replicas > 0);
  if (runs || facts.status === 'running' || facts.status === 'resuming') return { kind: 'stop' };
  return facts.status === 'paused' ? planSettled(facts, now) : { kind: 'finish-pause' };
}

function planSettled(facts: EnvironmentFacts, now: number): EnvironmentStep {
  const { remove, waits } = splitLeftovers(facts, now);
  return { kind: 'settle', remove, again: waits.length === 0 ? null : Math.min(...waits) };
}

/** Returns the versions other than the live one that can be removed, and how long each of the others still drains. */
function splitLeftovers(facts: EnvironmentFacts, now: number): { remove: string[]; waits: number[] } {
  const leftovers = facts.services.filter((service) => service.deploymentId !== facts.liveDeploymentId);
  const draining = leftovers.filter((service) => service.drainUntil !== null && service.drainUntil > now);
  const remove = leftovers.filter((service) => !draining.includes(service));
  return {
    remove: [...new Set(remove.map((service) => service.deploymentId))],
    waits: draining.map((service) => (service.drainUntil ?? now) - now),
  };
}
