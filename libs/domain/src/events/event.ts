import type { FailureCode } from '../deployments/deployment-failure.js';
import type { ExecutionFailureCode } from '../executions/execution-failure.js';
import { PAUSE_REASONS } from '../projects/pause-reason.js';

/** Event types of a deployment. Clients ignore unknown types. */
export const DEPLOYMENT_EVENT_TYPES = ['status'] as const;
export type DeploymentEventType = (typeof DEPLOYMENT_EVENT_TYPES)[number];

/**
 * Event types of an environment: its status changed, an action was requested, its database was replaced, the hooks for
 * that database failed, the status of a command in it changed, the health of its live version changed, a service
 * uses more or less of its expected storage, its repository got another name, the deploys of its project were paused or
 * resumed, or its account has nearly used up its build minutes.
 */
export const ENVIRONMENT_EVENT_TYPES = [
  'status',
  'requested',
  'database_reset',
  'hooks_failed',
  'execution',
  'health',
  'storage',
  'repository',
  'deploys_paused',
  'deploys_resumed',
  'build_minutes',
] as const;
export type EnvironmentEventType = (typeof ENVIRONMENT_EVENT_TYPES)[number];

/** Data of an event: the old and new status where it changed, and details by type. Never a secret. */
export interface EventData {
  /** Null when there was no status before. */
  readonly from?: string | null;
  readonly to?: string;
  readonly [detail: string]: unknown;
}

/** Actions that can be requested of an environment, except its destruction, which is a status. */
export type RequestedAction = 'pause' | 'resume' | 'sleep' | 'wake' | 'reset' | 'restore';

/** Stable codes for why something changed; failure codes are reasons too. */
export const EVENT_REASONS = [
  'push',
  'pull_request',
  'replay',
  'rebuild',
  'check_rerequested',
  'pull_request_approved',
  'approval_withdrawn',
  'api',
  'rollback',
  'requested',
  'newer_deployment',
  'repository_changed',
  'repository_renamed',
  'environment_destroyed',
  'branch_deleted',
  'pull_request_closed',
  'branch_missing',
  'project_deleted',
  'expired',
  'idle',
  'visited',
  'deployment_live',
  'deployment_failed',
  'watch_paths',
  'skip_mark',
  ...PAUSE_REASONS,
] as const;
export type EventReason = (typeof EVENT_REASONS)[number] | FailureCode | ExecutionFailureCode;

/** Who changed something, and why. */
export interface Cause {
  /** The id of an API key or session, or one of the two constants below. */
  readonly actor: string;
  readonly reason: EventReason | null;
}

/** A Nexos worker, including scheduled work. */
export const SYSTEM_ACTOR = 'system';
/** A command that an operator ran on the machine. */
export const COMMAND_ACTOR = 'command';
/** Somebody who pushed to the repository. */
export const GITHUB_ACTOR = 'github';

/** Characters of a login that an actor keeps. */
const MAX_LOGIN = 64;

/** Returns the actor of something that a user of GitHub asked for there. Characters that no login has are replaced. */
export function githubActor(login: string | null): string {
  if (login === null || login === '') return GITHUB_ACTOR;
  return `${GITHUB_ACTOR}:${login.replaceAll(/[^A-Za-z0-9_[\]-]/g, '-').slice(0, MAX_LOGIN)}`;
}

/** Returns a cause without a user or repository behind it. */
export function systemCause(reason: EventReason | null = null): Cause {
  return { actor: SYSTEM_ACTOR, reason };
}
