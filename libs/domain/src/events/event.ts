import type { FailureCode } from '../deployments/deployment-failure.js';
import type { ExecutionFailureCode } from '../executions/execution-failure.js';

/** Types of events of a deployment. Clients ignore types that they do not know. */
export const DEPLOYMENT_EVENT_TYPES = ['status'] as const;
export type DeploymentEventType = (typeof DEPLOYMENT_EVENT_TYPES)[number];

/**
 * Types of events of an environment: its status changed, something was requested of it, its database was replaced,
 * or a command in it changed its status.
 */
export const ENVIRONMENT_EVENT_TYPES = ['status', 'requested', 'database_reset', 'execution'] as const;
export type EnvironmentEventType = (typeof ENVIRONMENT_EVENT_TYPES)[number];

/** Data of an event: the two statuses where one changed, and details of its type. Never a secret. */
export interface EventData {
  /** Null where there was none before. */
  readonly from?: string | null;
  readonly to?: string;
  readonly [detail: string]: unknown;
}

/** Actions that are requested of an environment. Its destruction is not among them: that is a status. */
export type RequestedAction = 'pause' | 'resume' | 'sleep' | 'wake' | 'reset' | 'restore';

/** Why something changed, as stable codes; a failure's code is one too. */
export const EVENT_REASONS = [
  'push',
  'replay',
  'rebuild',
  'api',
  'rollback',
  'requested',
  'newer_deployment',
  'repository_changed',
  'environment_destroyed',
  'branch_deleted',
  'project_deleted',
  'expired',
  'idle',
  'visited',
  'deployment_live',
  'deployment_failed',
] as const;
export type EventReason = (typeof EVENT_REASONS)[number] | FailureCode | ExecutionFailureCode;

/** Who changed something, and why. */
export interface Cause {
  /** The id of an API key or of a session, or one of the two below. */
  readonly actor: string;
  readonly reason: EventReason | null;
}

/** A worker of Nexos, or its clock. */
export const SYSTEM_ACTOR = 'system';
/** Somebody who pushed to the repository. */
export const GITHUB_ACTOR = 'github';

/** A cause that no user or repository is behind. */
export function bySystem(reason: EventReason | null = null): Cause {
  return { actor: SYSTEM_ACTOR, reason };
}
