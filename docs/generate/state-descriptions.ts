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
  queued: 'The deployment is waiting for a builder. One build runs at a time per environment.',
  building: 'The commit is fetched and its image is built.',
  deploying: 'The new version starts beside the live one and is probed on its health path.',
  live: 'The URL serves it.',
  replaced: 'It was live, until another version replaced it or the environment was destroyed.',
  failed: '`failure` says why. The live version stays live.',
  cancelled:
    'It was cancelled, or its environment was destroyed, before it went live; or it was not built, and `skip_reason` says why.',
  superseded: 'A newer deployment of the environment took its place.',
};

export const ENVIRONMENTS: Readonly<Record<VisibleEnvironmentStatus, string>> = {
  pending: 'No version has gone live yet.',
  running: 'The live version is running.',
  paused: 'All containers are stopped until it is resumed.',
  failed:
    'The first deployment failed or was cancelled and no version has gone live since; or the live version did not start again, or the hooks of its new database failed: `last_error` says why.',
  destroying: 'The app is stopping, and everything that belongs to the environment is being removed.',
  destroyed: 'Everything is removed.',
  building: 'A deployment is being built.',
  deploying: 'A new version is starting.',
  pausing: 'The containers are stopping; it is `paused` once the last one has stopped.',
  resuming: 'The containers are starting.',
  resetting: 'The database is being reset or restored, and hooks are running.',
  sleeping: 'Paused because it received no requests; the next request wakes it.',
};

export const EXECUTIONS: Readonly<Record<ExecutionStatus, string>> = {
  queued: 'The command is waiting for a worker.',
  running: 'The container is starting or running.',
  exited: 'It ended by itself, with any `exit_code`.',
  failed: 'It could not be run, or its end is unknown; `failure` says why.',
  timed_out: 'It exceeded `timeout_seconds` and was stopped.',
  cancelled: 'It was cancelled, or its environment was paused or destroyed.',
};

export const OUTCOMES: Readonly<Record<DeliveryOutcome, string>> = {
  accepted: 'The delivery is waiting to be processed.',
  deployed: 'A deployment was queued (`deployment_id`). The environment was created if there was none.',
  destroyed: 'The branch was deleted or its pull request closed, and its environment is being destroyed.',
  ignored: 'Nothing was done; `reason` says why.',
  renamed: 'The repository has another name or owner now, and the project follows it.',
  updated:
    'It told of a change of the repository or of the installation of the GitHub App, which Nexos noted.',
  skipped: 'The push or the pull request is not deployed; `reason` says why.',
  'in-doubt':
    'It is unclear which push is newer. Nexos asks the Git host for the current commit of the branch, and acts on it.',
  failed:
    'The delivery could not be read, or processing it failed `DELIVERY_ATTEMPTS` times. Nexos goes on with the next one.',
};

export const REASONS: Readonly<Record<DeliveryReason, string>> = {
  older:
    'The push is older than the known state of the branch, or the event than that of the pull request, or the check is of a commit that is no longer the newest.',
  same_commit: 'The branch is already at this commit.',
  fork: 'The head branch of the pull request is in another repository, and the project has `pull_requests.forks: never`.',
  base_branch:
    'The head branch of the pull request is its base branch by name, or the default branch. With `deploy_on: pull_request` it is never built.',
  no_pull_request: 'The project has `deploy_on: pull_request`, and the branch has no open pull request.',
  draft: 'The pull request is a draft, and the project has `pull_requests.drafts: false`.',
  no_label: 'The pull request lacks the label `pull_requests.label`.',
  pull_request:
    'The branch is deployed from now on because of its pull request. Nexos asks the Git host for its commit; until then the outcome is `in-doubt`.',
  deploys_pushes:
    'The project has `deploy_on: push`: pull requests deploy and destroy nothing. Their comment on GitHub is written all the same.',
  deploys_already:
    'The branch was deployed because of a pull request before, and pushes to it are; or the commit is being deployed just now.',
  other_pull_request: 'The pull request was closed, and another one of the branch is open.',
  order_unknown:
    'Neither the time nor the commits of the push show whether it is newer; the outcome is `in-doubt`.',
  auto_deploy_off: 'The project has `auto_deploy: false`.',
  skip_mark: 'The message of the head commit has `[skip ci]`, `[ci skip]`, `[skip nexos]` or `[nexos skip]`.',
  watch_paths:
    'Nothing that `watch_paths` names has changed since the live commit. The deployment is `cancelled` without a build.',
  branch_filter: "The project's `branch_filter` excludes the branch.",
  no_environment: 'The branch was deleted, or its pull request closed, and it had no environment.',
  not_approved:
    'Nobody with write access to the repository has approved exactly this commit of the pull request from a fork.',
  approval:
    'A commit of a fork was approved. Nexos asks GitHub whether the reviewer has write access; until then the outcome is `in-doubt`.',
  approval_withdrawn: 'The review that approved the commit was dismissed, or its author requested changes.',
  no_fork: 'The review is of a pull request within the repository. Only those of forks need one.',
  own_webhook:
    "A webhook of a single project told it, whose account could sign anything. Checks and reviews are believed through the GitHub App's webhook only.",
  other_app: 'Somebody asked for a check to run again that this GitHub App did not make.',
  unknown_check: 'Somebody asked for a check to run again that belongs to no branch of the project.',
  requested_action: 'A check of the GitHub App has no actions of its own.',
  installation_suspended:
    'The deploys of the project are paused: the installation of the GitHub App is suspended.',
  installation_removed: 'The deploys of the project are paused: the GitHub App was removed.',
  repository_not_connected:
    'The deploys of the project are paused: the installation of the GitHub App no longer gives access to the repository, or the repository went to an owner whose installation this account does not have.',
  repository_inaccessible:
    'The deploys of the project are paused: the repository was deleted, or the Git host denied access to it twice.',
  access_unconfirmed:
    'GitHub never confirmed that the account may use the repository. The project learns nothing of a private one, and does not follow a new name. Set `github_repo` again.',
  no_project: 'No project has this repository.',
  other_repository:
    'Another repository of this name, by its id in GitHub. If it replaces the former one, set `github_repo` of the project again. ' +
    "Or, through a project's own webhook, a repository of another name.",
  tag: 'A tag, not a branch, was pushed, created or deleted.',
  branch_created: 'GitHub also sends a push for the new branch, and Nexos acts on that.',
  ping: 'GitHub tested the webhook.',
  event: 'Nexos does not act on this event.',
  error: 'Processing failed; operators see the error.',
};

export const EVENTS: Readonly<Record<EnvironmentEventType, string>> = {
  status: 'The status changed, from `from` (null for the first) to `to`.',
  requested: '`data.action` was requested.',
  database_reset:
    'The database was reset or restored, and now has the generation `data.generation`. `data.restored` is the generation of the restored backup, or null after a reset.',
  hooks_failed:
    'The hooks for the database with the generation `data.generation` failed, and are still due; `reason` is the code of the failure.',
  health:
    'The health of the live version changed, from `from` to `to`; `data.message` says why. See [environments](../guides/environments.md#health).',
  storage:
    'The data of the service `data.service` takes another share of the `storageMb` that the live version names: `to` is `ok`, `nearly_full` from 80 %, or `full` from 100 %. `data.used_mb` and `data.storage_mb` are in MiB.',
  repository: 'The repository got another name: `from` and `to` are `owner/name`.',
  deploys_paused:
    'The deploys of the project were paused, or are paused for another reason now: `from` (null if they were not paused) and `to` are reasons.',
  deploys_resumed: 'The deploys of the project were resumed; `from` is the reason that ended.',
  build_minutes:
    'The account has used 80 % of its build minutes in the period (`to` is `nearly_used_up`), or all of them (`used_up`), in which case no new build starts. Recorded once per period and level, in the environment that built last. `data.used_minutes`, `data.limit_minutes` and `data.period_end` say how far it has come, and `data.message` says it in a sentence.',
  execution:
    'The status of the command `data.execution_id` changed. `data.exit_code` is set once it has exited.',
};

export const ACTIONS: Readonly<Record<RequestedAction, string>> = {
  pause: 'A pause was requested.',
  resume: 'A resume was requested.',
  sleep: 'The environment received no requests for `sleep_after_minutes`.',
  wake: 'A request arrived while the environment was asleep.',
  reset: 'A reset of the database was requested.',
  restore: 'The restore of a database backup was requested.',
};

export const EVENT_CAUSES: Readonly<Record<(typeof EVENT_REASONS)[number], string>> = {
  push: 'A push queued the deployment.',
  pull_request: 'A pull request queued the deployment.',
  replay: 'An operator replayed a push, which queued the deployment.',
  rebuild: 'A rebuild queued the deployment.',
  pull_request_approved:
    'Somebody with write access approved the commit of a fork, which queued the deployment.',
  approval_withdrawn:
    'The review that approved the commit of a fork was dismissed, or its author requested changes.',
  check_rerequested: 'Somebody asked on GitHub for the check to run again, which queued the deployment.',
  api: '`POST /projects/{id}/deployments` queued the deployment.',
  rollback: 'A rollback queued the deployment, or superseded it.',
  requested: 'It was requested through the API.',
  newer_deployment: 'A newer deployment superseded it.',
  repository_renamed: 'The repository got another name or owner.',
  repository_changed: 'The project moved to another repository.',
  environment_destroyed: 'The environment was destroyed.',
  branch_deleted: 'The branch was deleted.',
  pull_request_closed: 'The last pull request of the branch was closed.',
  branch_missing:
    'No webhook said so, but the branch was gone from the Git host twice, at least `BRANCH_GRACE_MS` apart.',
  project_deleted: 'The project was deleted.',
  expired: 'The environment expired.',
  idle: 'The environment received no requests for `sleep_after_minutes`.',
  visited: 'A request woke the environment.',
  deployment_live: 'A deployment went live.',
  deployment_failed: 'The deployment failed.',
  watch_paths:
    'Nothing that `watch_paths` names has changed since the live commit, so the deployment was not built.',
  skip_mark: 'The message of the commit, of which no webhook told, has a skip mark, so it was not built.',
  installation_suspended: 'The installation of the GitHub App is suspended.',
  installation_removed: 'The GitHub App was removed from the owner of the repository.',
  repository_not_connected: 'The GitHub App no longer gives the account access to the repository.',
  repository_inaccessible: 'The repository was deleted, or the Git host denied access to it twice.',
};
