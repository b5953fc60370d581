import type { DesiredState, EnvironmentStatus } from './environment-state.js';

const MINUTE_MS = 60_000;

/** What is known of the use of an environment. All times are milliseconds ago; null: never, as far as is known. */
export interface IdleFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** All that is wanted of it has been brought about. */
  readonly isSettled: boolean;
  /** A version of it is queued, being built or coming up. */
  readonly hasUnfinishedDeployment: boolean;
  /** What its project says; null: its environments never sleep. */
  readonly sleepAfterMinutes: number | null;
  /** Requests that are being answered, and open WebSockets. */
  readonly open: number;
  /** Its last request that the ingress knows of, and the last one that was written down. */
  readonly requestMs: number | null;
  readonly recordedRequestMs: number | null;
  readonly liveMs: number | null;
  readonly resumedMs: number | null;
  readonly createdMs: number;
  /** Since when the ingress watches: of requests before it started it may have told nobody. */
  readonly watchedMs: number;
}

/** Decides whether an environment has been without use for so long that it is to sleep. */
export function isIdle(facts: IdleFacts): boolean {
  if (facts.sleepAfterMinutes === null || facts.open > 0) return false;
  if (facts.status !== 'running' || facts.desiredState !== 'running') return false;
  // Somebody waits for what is under way, and it would not come up while the environment sleeps.
  if (!facts.isSettled || facts.hasUnfinishedDeployment) return false;
  const uses = [facts.requestMs, facts.recordedRequestMs, facts.liveMs, facts.resumedMs, facts.createdMs];
  const sinceUseMs = Math.min(facts.watchedMs, ...uses.filter((ms) => ms !== null));
  return sinceUseMs >= facts.sleepAfterMinutes * MINUTE_MS;
}
