import type {
  DeliveryOutcome,
  DeliveryReason,
  DeploymentStatus,
  EnvironmentEventType,
  ExecutionStatus,
  RequestedAction,
  VisibleEnvironmentStatus,
} from '@nexos/domain';
import type { EVENT_REASONS } from '../../libs/domain/src/events/event.js';

/** A status without a description does not compile. */

export const DEPLOYMENTS: Readonly<Record<DeploymentStatus, string>> = {
  queued: 'Waits for a builder. One build runs at a time per environment.',
  building: 'The commit is fetched and its image is built.',
  deploying: 'The new version starts beside the live one and is probed on its health path.',
  live: 'The URL serves it.',
  replaced: 'It was live; another version is, or the environment was destroyed.',
  failed: '`failure` says why. The live version stays live.',
  cancelled: 'It was cancelled, or its environment was destroyed, before it went live.',
  superseded: 'A newer push or a rollback took its place.',
};

export const ENVIRONMENTS: Readonly<Record<VisibleEnvironmentStatus, string>> = {
  pending: 'No version has come up yet.',
  running: 'The live version is running.',
  paused: 'All containers are stopped until it is resumed.',
  failed: 'The first deployment failed or was cancelled, and none has come up since.',
  destroying: 'The app is stopping, and everything that belongs to the environment is being removed.',
  destroyed: 'Everything is removed.',
  building: 'A deployment is being built.',
  deploying: 'A new version is starting.',
  pausing: 'The containers are stopping.',
  resuming: 'The containers are starting.',
  resetting: 'The database is being replaced, and hooks run.',
  sleeping: 'Paused because nobody used it; the next request wakes it.',
};

export const EXECUTIONS: Readonly<Record<ExecutionStatus, string>> = {
  queued: 'Waits for a worker.',
  running: 'The container is starting or running.',
  exited: 'It ended by itself, with any `exit_code`.',
  failed: 'It could not be run, or its end is unknown; `failure` says why.',
  timed_out: 'It exceeded `timeout_seconds` and was stopped.',
  cancelled: 'It was cancelled, or its environment was paused or destroyed.',
};

export const OUTCOMES: Readonly<Record<DeliveryOutcome, string>> = {
  accepted: 'Waits to be processed.',
  deployed: 'A deployment was queued (`deployment_id`). The environment was created if there was none.',
  destroyed: 'The branch was deleted, and its environment is being destroyed.',
  ignored: 'Nothing was done; `reason` says why.',
  'in-doubt':
    'It is unclear which push is newer. Nexos asks the Git host where the branch is, and follows that.',
  failed: 'It could not be read, or failed `DELIVERY_ATTEMPTS` times. The next delivery proceeds.',
};

export const REASONS: Readonly<Record<DeliveryReason, string>> = {
  older: 'The push is older than the last one that was followed.',
  same_commit: 'The branch is at this commit already.',
  order_unknown: 'Neither its time nor its commits tell whether it is newer; the outcome is `in-doubt`.',
  auto_deploy_off: 'The project has `auto_deploy: false`.',
  branch_filter: "The project's `branch_filter` excludes the branch.",
  no_environment: 'The branch was deleted and had no environment.',
  no_project: 'No project has this repository.',
  tag: 'The push or the deletion concerns a tag.',
  event: 'Nexos does not act on this event.',
  error: 'Processing failed; operators see the error.',
};

export const EVENTS: Readonly<Record<EnvironmentEventType, string>> = {
  status: 'The status changed, from `from` (null for the first) to `to`.',
  requested: '`data.action` was requested.',
  database_reset:
    'The database was replaced: `data.generation`. `data.restored` is the backup that was restored, or null after a reset.',
  execution: 'The command `data.execution_id` changed its status; `data.exit_code` once it exited.',
};

export const ACTIONS: Readonly<Record<RequestedAction, string>> = {
  pause: 'Somebody asked for a pause.',
  resume: 'Somebody asked for a resume.',
  sleep: 'Nobody used the environment for `sleep_after_minutes`.',
  wake: 'A request came in while it slept.',
  reset: 'Somebody asked for an empty database.',
  restore: 'Somebody asked for an earlier database.',
};

export const EVENT_CAUSES: Readonly<Record<(typeof EVENT_REASONS)[number], string>> = {
  push: 'A push queued the deployment.',
  replay: 'An operator replayed a push, which queued the deployment.',
  rebuild: 'A rebuild queued the deployment.',
  api: 'The API queued the deployment.',
  rollback: 'A rollback queued the deployment, or took the place of this one.',
  requested: 'Somebody asked for it over the API.',
  newer_deployment: 'A newer deployment took its place.',
  repository_changed: 'The project moved to another repository.',
  environment_destroyed: 'The environment was destroyed.',
  branch_deleted: 'The branch was deleted.',
  project_deleted: 'The project was deleted.',
  expired: 'The environment expired.',
  idle: 'Nobody used the environment.',
  visited: 'A request came in.',
  deployment_live: 'A deployment went live.',
  deployment_failed: 'The deployment failed.',
};
