/** Versions that an environment keeps however old they are, so that its history does not begin yesterday. */
const VERSIONS_KEPT = 50;

/** SQL for the days that the account of `project` keeps logs; `$1` has those of each plan. */
export const LOG_DAYS = `make_interval(days => least(36500,
  coalesce(account.limits->>'log_retention_days', $1::jsonb->>account.plan)::integer))`;

/** What still needs a deployment: its image on a node, a run that is not charged yet, or a command's record. */
const IN_USE = `(deployment.image_id IS NOT NULL AND deployment.image_removed_at IS NULL
  OR EXISTS (SELECT FROM build_runs run WHERE run.deployment_id = deployment.id AND run.metered_at IS NULL)
  OR EXISTS (SELECT FROM executions execution WHERE execution.deployment_id = deployment.id))`;

/**
 * Deletes deployments that have ended as long ago as logs are kept, except for the newest of each environment. Their logs and
 * events go with them. Those of destroyed environments go with the environment.
 */
export const DELETE_DEPLOYMENTS = `
  WITH due AS MATERIALIZED (
    SELECT deployment.id FROM (
      SELECT deployment.*, row_number() OVER (PARTITION BY environment_id ORDER BY id DESC) AS place FROM deployments deployment
    ) deployment
    JOIN environments environment ON environment.id = deployment.environment_id AND environment.status <> 'destroyed'
    JOIN projects project ON project.id = deployment.project_id
    JOIN accounts account ON account.id = project.account_id
    WHERE place > ${VERSIONS_KEPT} AND deployment.finished_at < now() - ${LOG_DAYS}
      AND deployment.status IN ('replaced', 'failed', 'cancelled', 'superseded') AND NOT ${IN_USE}
      AND deployment.id IS DISTINCT FROM environment.latest_deployment_id
      AND deployment.id IS DISTINCT FROM environment.live_deployment_id
      AND deployment.id IS DISTINCT FROM environment.desired_deployment_id
  ), events AS (DELETE FROM deployment_events USING due WHERE deployment_id = due.id)
  DELETE FROM deployments USING due WHERE deployments.id = due.id`;

/**
 * Deletes environments that were destroyed as long ago as logs are kept, with their deployments and events. One statement,
 * because environments and deployments refer to each other.
 */
export const DELETE_ENVIRONMENTS = `
  WITH due AS MATERIALIZED (
    SELECT environment.id FROM environments environment
    JOIN projects project ON project.id = environment.project_id
    JOIN accounts account ON account.id = project.account_id
    WHERE environment.status = 'destroyed' AND environment.destroyed_at < now() - ${LOG_DAYS}
      AND NOT EXISTS (SELECT FROM executions WHERE environment_id = environment.id)
      AND NOT EXISTS (SELECT FROM environment_services WHERE environment_id = environment.id)
      AND NOT EXISTS (SELECT FROM database_backups WHERE environment_id = environment.id)
      AND NOT EXISTS (SELECT FROM deployments deployment WHERE deployment.environment_id = environment.id AND ${IN_USE})
  ), events AS (DELETE FROM environment_events USING due WHERE environment_id = due.id),
  version_events AS (
    DELETE FROM deployment_events USING due, deployments WHERE deployment_id = deployments.id AND environment_id = due.id
  ), versions AS (DELETE FROM deployments USING due WHERE environment_id = due.id)
  DELETE FROM environments USING due WHERE environments.id = due.id`;

/**
 * Deletes what is known of branches that were deleted `$1` days ago and have no environment. It tells late deliveries from
 * new ones, and none is that late.
 */
export const DELETE_BRANCHES = `
  DELETE FROM branches branch WHERE head_sha ~ '^0+$' AND in_doubt_since IS NULL AND NOT deploy_due
    AND greatest(pushed_at, doubted_pushed_at, asked_at, missing_since) < now() - make_interval(days => $1)
    AND NOT EXISTS (SELECT FROM environments environment WHERE environment.project_id = branch.project_id
      AND environment.branch = branch.name AND environment.status <> 'destroyed')`;

/** Deletes projects that were deleted `$1` days ago, once nothing refers to them. */
export const DELETE_PROJECTS = `
  DELETE FROM projects project WHERE status = 'deleted' AND deleted_at < now() - make_interval(days => $1)
    AND NOT EXISTS (SELECT FROM environments WHERE project_id = project.id)
    AND NOT EXISTS (SELECT FROM executions WHERE project_id = project.id)
    AND NOT EXISTS (SELECT FROM project_services WHERE project_id = project.id)
    AND NOT EXISTS (SELECT FROM environment_events WHERE project_id = project.id)
    AND NOT EXISTS (SELECT FROM deployment_events WHERE project_id = project.id)
    AND NOT EXISTS (SELECT FROM build_usage WHERE project_id = project.id)`;
