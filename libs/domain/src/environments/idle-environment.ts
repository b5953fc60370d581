import type { DesiredState, EnvironmentStatus } from './environment-state.js';

const MINUTE_MS = 60_000;

/** Recent use of an environment. All times are milliseconds ago; null: never, as far as we know. */
export interface IdleFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** It has reached its desired state. */
  readonly isSettled: boolean;
  /** One of its deployments is queued, building or deploying. */
  readonly hasUnfinishedDeployment: boolean;
  /** The project's setting; null: its environments never sleep. */
  readonly sleepAfterMinutes: number | null;
  /** Requests in progress and open WebSockets. */
  readonly open: number;
  /** The last request that the ingress knows of, and the last one in the database. */
  readonly requestMs: number | null;
  readonly recordedRequestMs: number | null;
  readonly liveMs: number | null;
  readonly resumedMs: number | null;
  readonly createdMs: number;
  /** How long the ingress has been watching; requests before it started may be unknown. */
  readonly watchedMs: number;
}

/** Decides whether an environment has been unused for so long that it should sleep. */
export function isIdle(facts: IdleFacts): boolean {
  if (facts.sleepAfterMinutes === null || facts.open > 0) return false;
  if (facts.status !== 'running' || facts.desiredState !== 'running') return false;
  // Somebody is waiting for the change in progress, which would stall while the environment sleeps.
  if (!facts.isSettled || facts.hasUnfinishedDeployment) return false;
  const uses = [facts.requestMs, facts.recordedRequestMs, facts.liveMs, facts.resumedMs, facts.createdMs];
  const sinceUseMs = Math.min(facts.watchedMs, ...uses.filter((ms) => ms !== null));
  return sinceUseMs >= facts.sleepAfterMinutes * MINUTE_MS;
}
